"""Recognising a contact by what a row says: an e-mail address, a number, or else the name alone."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef

from compliance.encryption.normalise import normalise_email, normalise_text
from compliance.encryption.records import exact_index
from core.actors import Actor
from core.records.importing import Found
from crm.customers.importing.values import split_name
from crm.customers.models.contacts import Contact
from crm.customers.models.reach import ContactEmail, ContactPhone
from crm.customers.phones import parse_phone

BETWEEN = "\x1f"


def emails_of(values: Mapping[str, Any]) -> list[str]:
    return [normalise_email(email) for email in values.get("email", ()) if "@" in email]


def phones_of(values: Mapping[str, Any]) -> list[str]:
    """Return the numbers that can be read; the others are refused when they are to be written."""
    found = []
    for text in values.get("phone", ()):
        try:
            found.append(parse_phone(text, country=values.get("country", "")))
        except ValidationError:
            continue
    return found


def name_parts(values: Mapping[str, Any]) -> tuple[str, str]:
    """Return given and family name, taken from the whole name where there are no columns for them."""
    given, family = values.get("given_name", ""), values.get("family_name", "")
    if middle := values.get("middle_name", ""):
        given = f"{given} {middle}".strip()
    return (given, family) if given or family else split_name(values.get("name", ""))


def names_of(values: Mapping[str, Any]) -> list[str]:
    """Return the name with each company, so that people of one name at two companies stay two."""
    given, family = name_parts(values)
    if not given and not family:
        return []
    return [_name_key(given, family, company) for company in values.get("company") or [""]]


def _name_key(given: str, family: str, company: str) -> str:
    return BETWEEN.join(normalise_text(part) for part in (given, family, company))


def find_by_emails(emails: Collection[str], actor: Actor) -> Found:
    return _find(ContactEmail, "email", emails, actor)


def find_by_phones(numbers: Collection[str], actor: Actor) -> Found:
    return _find(ContactPhone, "number", numbers, actor)


def _find(model: Any, source: str, values: Collection[str], actor: Actor) -> Found:
    """Return the contacts the actor sees under each value, asked of its blind index in one query."""
    index = exact_index(model, source)
    said = {index.index_of([value]): value for value in values}
    rows = model.objects.filter(
        **{f"{index.attname}__in": said.keys() - {None}}, contact__deleted_at=None
    )
    if actor.owners(Contact.permission("view")) is not None:
        rows = rows.filter(contact__in=Contact.objects.visible_to(actor))
    found: dict[str, list[Any]] = {}
    for hashed, pk in rows.order_by("pk").values_list(index.attname, "contact_id"):
        found.setdefault(said[bytes(hashed)], []).append(pk)
    return found


def find_by_names(keys: Collection[str], actor: Actor) -> Found:
    """Return contacts of these names that nobody has an address or number of: nothing else tells them apart."""
    return {key: pks for key in keys if (pks := _nameless_reach(key, actor))}


def _nameless_reach(key: str, actor: Actor) -> list[Any]:
    given, family, _company = key.split(BETWEEN)
    candidates: Any = Contact.objects.visible_to(actor).matching_prefix(f"{given} {family}")
    for model in (ContactEmail, ContactPhone):
        candidates = candidates.filter(~Exists(model.objects.filter(contact=OuterRef("pk"))))
    rows = candidates.with_lists("affiliations", related=("company",)).order_by("pk")
    return [contact.pk for contact in rows if key in _keys_of(contact)]


def _keys_of(contact: Contact) -> list[str]:
    companies = [link.company.name for link in contact.listed("affiliations")] or [""]
    return [_name_key(contact.given_name, contact.family_name, company) for company in companies]
