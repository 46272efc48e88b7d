"""Putting a contact's row together: what the file says is added to what is known, never taken away."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django.core.exceptions import ValidationError

from compliance.encryption.normalise import normalise_email
from crm.customers.importing.recognising import name_parts
from crm.customers.importing.writing import ADDRESS
from crm.customers.models.contacts import Contact
from crm.customers.operations.contact_values import PLAIN
from crm.customers.phones import parse_phone

DIRECT = (*PLAIN, "owner", "lifecycle_stage")
# Under which names a file's columns give the parts of the first address.
FIRST_ADDRESS = {"address_label": "label"} | {part: part for part in ADDRESS if part != "label"}


def compose_contact(values: Mapping[str, Any], contact: Contact | None) -> dict[str, Any]:
    """Return what the operations take: lists are whole, with what the contact has already."""
    row: dict[str, Any] = {name: values[name] for name in DIRECT if name in values}
    given, family = name_parts(values)
    row |= {name: part for name, part in (("given_name", given), ("family_name", family)) if part}
    if "email" in values:
        row["emails"] = _emails(_labelled(values, "email"), contact)
    if "phone" in values:
        country = _country(values, contact)
        row["phones"] = _phones(_labelled(values, "phone"), contact, country)
    if "company" in values:
        row["companies"] = _companies(values, contact)
    if values.keys() & {*FIRST_ADDRESS, "other_addresses"}:
        row["addresses"] = _addresses(values, contact)
    if "tags" in values:
        known = contact.tag_ids if contact else []
        row["tags"] = list(dict.fromkeys([*known, *values["tags"]]))
    return row


def _labelled(values: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    """Return each value with its label: its column's, else the one in the column of labels."""
    labels = values.get(f"{name}_labels", ())
    texts = values[name]
    pairs = zip_longest(texts, labels[: len(texts)], fillvalue="")
    return [(str(text), getattr(text, "label", "") or label) for text, label in pairs]


def _listed(contact: Contact | None, name: str, *fields: str) -> list[dict[str, Any]]:
    rows = contact.listed(name) if contact else []
    return [
        {field: getattr(row, field) for field in fields} | {"primary": row.is_primary}
        for row in rows
    ]


def _emails(found: Sequence[tuple[str, str]], contact: Contact | None) -> list[dict[str, Any]]:
    rows = _listed(contact, "emails", "email", "label")
    known = {normalise_email(row["email"]) for row in rows}
    for email, label in found:
        if (folded := normalise_email(email)) not in known:
            known.add(folded)
            rows.append({"email": email, "label": label})
    return rows


def _phones(
    found: Sequence[tuple[str, str]], contact: Contact | None, country: str
) -> list[dict[str, Any]]:
    """Return the numbers; one that cannot be read stays as it is, for the operation to refuse."""
    rows = _listed(contact, "phones", "number", "label")
    known = {row["number"] for row in rows}
    for text, label in found:
        try:
            number = parse_phone(text, country=country) if contact else text
        except ValidationError:
            number = text
        if number not in known:
            known.add(number)
            rows.append({"number": number, "label": label})
    return rows


def _country(values: Mapping[str, Any], contact: Contact | None) -> str:
    """Return the country local numbers are of, as the operations see it for a new contact."""
    if contact is None or "country" in values:
        return str(values.get("country", ""))
    address, place = contact.main("addresses"), contact.main("affiliations")
    return str((address and address.country) or (place and place.company.country) or "")


def _companies(values: Mapping[str, Any], contact: Contact | None) -> list[dict[str, Any]]:
    rows = {
        row["company_id"]: {"company": row.pop("company_id"), **row}
        for row in _listed(contact, "affiliations", "company_id", "title", "started_on", "ended_on")
    }
    beside = {"title": "company_roles", "started_on": "company_from", "ended_on": "company_until"}
    for at, pk in enumerate(values["company"]):
        said = {part: _at(values.get(name, ()), at) for part, name in beside.items()}
        row = rows.setdefault(pk, {"company": pk})
        row |= {part: value for part, value in said.items() if value}
    return list(rows.values())


def _at(values: Sequence[Any], at: int) -> Any:
    return values[at] if at < len(values) else None


def _addresses(values: Mapping[str, Any], contact: Contact | None) -> list[dict[str, Any]]:
    """The file's parts go into the primary address, or into the first one there will be."""
    rows = _listed(contact, "addresses", *ADDRESS)
    parts = {part: values[name] for name, part in FIRST_ADDRESS.items() if name in values}
    at = next((at for at, row in enumerate(rows) if row["primary"]), 0)
    if rows:
        rows[at] |= parts
    elif parts:
        rows = [parts]
    for each in values.get("other_addresses", ()):
        said = dict(zip(ADDRESS, each, strict=False))
        if not any(said.items() <= row.items() for row in rows):
            rows.append(said)
    return rows
