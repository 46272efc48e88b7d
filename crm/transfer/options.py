"""What is decided about an import as a whole, besides which column goes where."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.records.importing import ImportInto
from tenants.members.models import User

type Mode = Literal["both", "create", "update"]

MODES: dict[Mode, Any] = {
    "both": _("Create new records and update known ones"),
    "create": _("Only create new records"),
    "update": _("Only update known records"),
}


class LawfulBasis(TextChoices):
    """Why a workspace may hold what an import brings about people."""

    CONSENT = "consent", _("Consent")
    CONTRACT = "contract", _("Contract, or steps towards one")
    LEGITIMATE_INTEREST = "legitimate_interest", _("Legitimate interest")
    LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation")
    PUBLIC = "public", _("Information people made public")


@dataclass(frozen=True, slots=True)
class Options:
    """Which rows count, and what every record gets besides what its row says."""

    mode: Mode = "both"
    match: str = ""
    creates_linked: bool = True
    creates_options: bool = False
    owner: UUID | None = None
    tags: tuple[str, ...] = ()
    runs_automations: bool = False
    lawful_basis: str = ""
    basis_source: str = ""

    def as_json(self) -> dict[str, Any]:
        kept = asdict(self)
        return {**kept, "owner": str(self.owner) if self.owner else None, "tags": list(self.tags)}

    def changed(self, **more: Any) -> Self:
        """Return the options with what somebody decided instead."""
        return type(self).from_json({**self.as_json(), **more})

    @classmethod
    def from_json(cls, kept: dict[str, Any] | None) -> Self:
        names = {field.name for field in fields(cls)}
        known = {name: value for name, value in (kept or {}).items() if name in names}
        owner = known.get("owner")
        known |= {
            "owner": UUID(str(owner)) if owner else None,
            "tags": tuple(known.get("tags", ())),
        }
        return cls(**known)


def refuse_misfits(options: Options, importer: ImportInto) -> None:
    """Raise ValidationError that names what these records or this workspace do not have."""
    wrong: dict[str, Any] = {}
    if options.mode not in MODES:
        wrong["mode"] = _("Rows cannot be dealt with like this.")
    if options.match not in {each.name for each in importer.match if each.is_offered}:
        wrong["match"] = _("These records are not recognised by this.")
    if options.owner and not User.objects.filter(pk=options.owner, is_active=True).exists():
        wrong["owner"] = _("There is no such member.")
    if options.lawful_basis and options.lawful_basis not in LawfulBasis.values:
        wrong["lawful_basis"] = _("There is no such ground.")
    if wrong:
        raise ValidationError(wrong)
