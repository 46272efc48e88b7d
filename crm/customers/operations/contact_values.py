"""Reading a contact's values: what people write, made into what is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.records.writing import Problems, normalised, set_values
from crm.customers.addresses import find_country
from crm.customers.models.contacts import Contact
from crm.customers.operations.parts import PARTS, Part, Reader, read_part, relation_of
from crm.customers.operations.plain_values import read_references, read_source, text_of
from crm.customers.operations.references import References, Row
from crm.customers.operations.sayings import contact_says, part_says, tags_say
from crm.customers.operations.tagging import new_tags

PLAIN = (
    "given_name", "family_name", "title", "language", "birthday", "source", "do_not_call",
    "do_not_email", "do_not_sms", "preferred_channel", "email_frequency", "description",
)  # fmt: skip
NORMALISERS = {
    "given_name": lambda value: " ".join(text_of(value).split()),
    "family_name": lambda value: " ".join(text_of(value).split()),
    "source": read_source,
}


@dataclass(slots=True)
class ContactDraft:
    """A contact with its new values, and what of it has to be written."""

    contact: Contact
    columns: list[str] = field(default_factory=list)
    parts: dict[str, list[Any]] = field(default_factory=dict)
    tags: list[UUID] | None = None
    is_new: bool = False
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def record(self) -> Any:
        return self.contact

    @property
    def changed(self) -> list[str]:
        """The names of what a person changed, without what follows from it."""
        names = [name for name in self.columns if name not in ("updated_at", "version")]
        return [*names, *self.parts, *([] if self.tags is None else ["tags"])]

    def says(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what the contact says once this is written, in the words of its operations."""
        said = contact_says(self.contact, set(names) - self.parts.keys() - {"tags"})
        said |= {name: part_says(name, self.parts[name]) for name in names if name in self.parts}
        if "tags" in names:
            said |= tags_say(self.contact.tag_ids if self.tags is None else self.tags)
        return said


def read_contact(contact: Contact, row: Row, *, references: References) -> ContactDraft:
    """Set the row's values on the contact, or raise ValidationError naming each wrong field."""
    problems: Problems = {}
    plain = {name: row[name] for name in PLAIN if name in row}
    plain = normalised(plain, NORMALISERS, problems=problems)
    draft = ContactDraft(contact, is_new=contact._state.adding)
    if not draft.is_new:
        draft.before = contact_says(contact, row.keys())
    draft.columns += set_values(contact, plain, problems=problems)
    draft.columns += read_references(contact, row, references, problems=problems)
    draft.tags = new_tags(contact, row, references, problems=problems)
    draft.parts = _new_parts(contact, row, references, problems)
    _require_somebody(draft, problems)
    if problems:
        raise ValidationError(problems)
    if draft.changed and not contact._state.adding:
        contact.version += 1
        draft.columns += ["version", "updated_at"]
    return draft


def _require_somebody(draft: ContactDraft, problems: Problems) -> None:
    """A contact needs a name, or at least an e-mail address or a number to be found by."""
    contact = draft.contact
    is_new = contact._state.adding
    # A stored name is opened only when somebody has touched it.
    if not is_new and not {"given_name", "family_name", "emails", "phones"} & {*draft.changed}:
        return
    if contact.given_name or contact.family_name or problems:
        return
    if any(_part_rows(draft, name) for name in ("emails", "phones")):
        return
    error = ValidationError(
        _("Enter a name, an e-mail address or a telephone number."), code="nameless"
    )
    problems["family_name"] = [error]


def _part_rows(draft: ContactDraft, name: str) -> list[Any]:
    if name in draft.parts:
        return draft.parts[name]
    return [] if draft.contact._state.adding else draft.contact.listed(name)


def _new_parts(
    contact: Contact, row: Row, references: References, problems: Problems
) -> dict[str, list[Any]]:
    """Return the lists that differ from the stored ones."""
    stored = {
        part.name: [] if contact._state.adding else contact.listed(relation_of(part))
        for part in PARTS
        if part.name in row
    }
    reader = Reader(
        contact=contact,
        references=references,
        country=_country(row, references),
        known_companies=frozenset(link.company_id for link in stored.get("companies", ())),
    )
    found: dict[str, list[Any]] = {}
    for part in PARTS:
        if part.name in row:
            rows = read_part(part, row[part.name], reader, problems)
            before = stored[part.name]
            if len(rows) != len(before) or _says(part, rows) != _says(part, before):
                found[part.name] = rows
    return found


def _says(part: Part, rows: list[Any]) -> list[tuple[Any, ...]]:
    return [part.signature(row) for row in rows]


def _country(row: Row, references: References) -> str:
    """Return the country local telephone numbers are of: an address's, else the first company's."""
    for address in row.get("addresses") or ():
        if country := find_country(text_of(address.get("country"))):
            return country
    for link in row.get("companies") or ():
        try:
            company = references.company(link.get("company"))
        except ValidationError:
            continue  # told where the company stands
        if company is not None:
            return references.companies[company].country
    return ""
