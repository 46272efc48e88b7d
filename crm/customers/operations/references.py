"""The other rows a batch names by id, looked up once for each kind, as the actor sees them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from crm.customers.models.companies import Company
from crm.customers.models.labels import LifecycleStage, Tag
from tenants.members.models import User

type Row = Mapping[str, Any]
# Why a record is not given back what it said.
GONE = {
    "owner": _("The former owner is not active any more. The present one stays."),
    "lifecycle_stage": _("The former stage is not there any more. The present one stays."),
    "tags": _("A former tag is not there any more. The present tags stay."),
    "parent": _("The former parent is not there any more. The present one stays."),
}
REFERS = tuple(GONE)


def as_id(value: Any) -> UUID | None:
    """Return the id of a row, an id, or its text; None for nothing."""
    value = getattr(value, "pk", value)
    if value in (None, ""):
        return None
    if isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError:
        raise ValidationError(_("This is not an id."), code="invalid_id") from None


class References:
    """What the rows of a batch refer to. Each kind costs one query, and none when nobody names it."""

    def __init__(self, rows: Iterable[Row], actor: Actor) -> None:
        rows = list(rows)
        self.actor = actor
        self._members = self._known_members(_ids(row.get("owner") for row in rows))
        self._stages = _known(LifecycleStage, _ids(row.get("lifecycle_stage") for row in rows))
        self._tags = _known(Tag, _ids(tag for row in rows for tag in row.get("tags") or ()))
        wanted = _ids(row.get("parent") for row in rows) | _ids(
            link.get("company") for row in rows for link in row.get("companies") or ()
        )
        self.companies = self._visible_companies(wanted)

    def _known_members(self, wanted: set[UUID]) -> set[UUID]:
        own = {self.actor.user_id} if self.actor.user_id else set()
        if wanted <= own:
            return own
        members = User.objects.filter(pk__in=wanted, is_active=True)
        return own | set(members.values_list("pk", flat=True))

    def _visible_companies(self, wanted: set[UUID]) -> dict[UUID, Company]:
        if not wanted:
            return {}
        rows = Company.objects.visible_to(self.actor).filter(pk__in=wanted)
        return {company.pk: company for company in rows.only("name", "country")}

    def owner(self, value: Any) -> UUID | None:
        return _found(value, self._members)

    def stage(self, value: Any) -> UUID | None:
        return _found(value, self._stages)

    def company(self, value: Any) -> UUID | None:
        return _found(value, self.companies)

    def tag_ids(self, values: Iterable[Any] | None) -> list[UUID]:
        found = (_found(value, self._tags) for value in values or ())
        return list(dict.fromkeys(each for each in found if each))


def lost_references(rows: Mapping[UUID, Row], *, actor: Actor) -> dict[UUID, dict[str, str]]:
    """Return for each row the fields that name somebody or something not there any more, and why."""
    references = References(rows.values(), actor)
    readers: dict[str, Callable[[Any], Any]] = {
        "owner": references.owner,
        "lifecycle_stage": references.stage,
        "tags": references.tag_ids,
        "parent": references.company,
    }
    found: dict[UUID, dict[str, str]] = {}
    for pk, row in rows.items():
        for name in readers.keys() & row.keys():
            try:
                readers[name](row[name])
            except ValidationError:
                found.setdefault(pk, {})[name] = str(GONE[name])
    return found


def _found(value: Any, known: Iterable[UUID]) -> UUID | None:
    wanted = as_id(value)
    if wanted is not None and wanted not in known:
        raise ValidationError(_("There is no such record."), code="not_found")
    return wanted


def _known(model: Any, wanted: set[UUID]) -> set[UUID]:
    return (
        set(model.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    )


def _ids(values: Iterable[Any]) -> set[UUID]:
    """Return the ids that can be read; one that cannot is refused with its own row."""
    found = set()
    for value in values:
        try:
            found.add(as_id(value))
        except ValidationError:
            continue
    return {each for each in found if each is not None}
