"""Putting a contact's row together: what the file says is added to what is known, never taken away."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from compliance.encryption.normalise import normalise_email
from crm.customers.importing.recognising import name_parts
from crm.customers.models.contacts import Contact
from crm.customers.operations.contact_values import PLAIN
from crm.customers.phones import parse_phone

ADDRESS = ("street", "district", "city", "province", "postcode", "country")


def compose_contact(values: Mapping[str, Any], contact: Contact | None) -> dict[str, Any]:
    """Return what the operations take: lists are whole, with what the contact has already."""
    direct = (*PLAIN, "owner", "lifecycle_stage")
    row: dict[str, Any] = {name: values[name] for name in direct if name in values}
    given, family = name_parts(values)
    row |= {name: part for name, part in (("given_name", given), ("family_name", family)) if part}
    if "email" in values:
        row["emails"] = _emails(values["email"], contact)
    if "phone" in values:
        row["phones"] = _phones(values["phone"], contact, _country(values, contact))
    if "company" in values:
        row["companies"] = _companies(values["company"], contact)
    if any(name in values for name in ADDRESS):
        row["addresses"] = _addresses(
            {name: values[name] for name in ADDRESS if name in values}, contact
        )
    if "tags" in values:
        known = contact.tag_ids if contact else []
        row["tags"] = list(dict.fromkeys([*known, *values["tags"]]))
    return row


def _listed(contact: Contact | None, name: str, *fields: str) -> list[dict[str, Any]]:
    rows = contact.listed(name) if contact else []
    return [
        {field: getattr(row, field) for field in fields} | {"primary": row.is_primary}
        for row in rows
    ]


def _emails(emails: list[str], contact: Contact | None) -> list[dict[str, Any]]:
    rows = _listed(contact, "emails", "email", "label")
    known = {normalise_email(row["email"]) for row in rows}
    for email in emails:
        if (folded := normalise_email(email)) not in known:
            known.add(folded)
            rows.append({"email": email})
    return rows


def _phones(texts: list[str], contact: Contact | None, country: str) -> list[dict[str, Any]]:
    """Return the numbers; one that cannot be read stays as it is, for the operation to refuse."""
    rows = _listed(contact, "phones", "number", "label")
    known = {row["number"] for row in rows}
    for text in texts:
        try:
            number = parse_phone(text, country=country) if contact else text
        except ValidationError:
            number = text
        if number not in known:
            known.add(number)
            rows.append({"number": number})
    return rows


def _country(values: Mapping[str, Any], contact: Contact | None) -> str:
    """Return the country local numbers are of, as the operations see it for a new contact."""
    if contact is None or "country" in values:
        return str(values.get("country", ""))
    address, place = contact.main("addresses"), contact.main("affiliations")
    return str((address and address.country) or (place and place.company.country) or "")


def _companies(ids: list[Any], contact: Contact | None) -> list[dict[str, Any]]:
    rows = [
        {"company": row.pop("company_id"), **row}
        for row in _listed(contact, "affiliations", "company_id", "title", "started_on", "ended_on")
    ]
    known = {row["company"] for row in rows}
    return rows + [{"company": pk} for pk in ids if pk not in known]


def _addresses(parts: dict[str, str], contact: Contact | None) -> list[dict[str, Any]]:
    """The file's parts go into the primary address, or into the first one there will be."""
    rows = _listed(contact, "addresses", "label", *ADDRESS)
    if not rows:
        return [parts]
    at = next((at for at, row in enumerate(rows) if row["primary"]), 0)
    rows[at] |= parts
    return rows
