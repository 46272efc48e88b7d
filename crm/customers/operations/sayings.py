"""What companies and contacts say, in the very words their operations take: journal and merge keep these."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact

CONTACT_TEXTS = (
    "given_name", "family_name", "title", "language", "source", "do_not_call", "do_not_email",
    "do_not_sms", "preferred_channel", "email_frequency", "description",
)  # fmt: skip
COMPANY_TEXTS = (
    "name", "website", "industry", "employees", "currency", "founded_year", "phone", "street",
    "district", "city", "postcode", "province", "country", "source", "description",
)  # fmt: skip
# The lists of a contact: under which name it holds them, and what a row says.
LISTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "emails": ("emails", ("email", "label")),
    "phones": ("phones", ("number", "label")),
    "addresses": (
        "addresses",
        ("label", "street", "district", "city", "province", "postcode", "country"),
    ),
    "companies": ("affiliations", ("company_id", "title", "started_on", "ended_on")),
}
CONTACT_NAMES = (
    *CONTACT_TEXTS, "birthday", "emails", "phones", "addresses", "companies", "owner",
    "lifecycle_stage", "tags",
)  # fmt: skip
COMPANY_NAMES = (*COMPANY_TEXTS, "revenue", "parent", "owner", "lifecycle_stage", "tags")


def contact_says(contact: Contact, names: Collection[str]) -> dict[str, Any]:
    """Return these of the contact's values; names nobody knows are left out."""
    said = _texts(contact, CONTACT_TEXTS, names) | _relations(contact, names)
    if "birthday" in names:
        said["birthday"] = _plain(contact.birthday)
    for name in LISTS.keys() & set(names):
        said[name] = part_says(name, contact.listed(LISTS[name][0]))
    return said


def company_says(company: Company, names: Collection[str]) -> dict[str, Any]:
    """Return these of the company's values; names nobody knows are left out."""
    said = _texts(company, COMPANY_TEXTS, names) | _relations(company, names)
    if "revenue" in names:
        said["revenue"] = None if company.revenue is None else f"{company.revenue:.2f}"
    if "parent" in names:
        said["parent"] = _plain(company.parent_id)
    return said


def part_says(name: str, rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return what the rows of one of a contact's lists say."""
    fields = LISTS[name][1]
    return [
        {each.removesuffix("_id"): _plain(getattr(row, each)) for each in fields}
        | {"primary": row.is_primary}
        for row in rows
    ]


def tags_say(ids: Iterable[UUID]) -> dict[str, Any]:
    """Return the tags as they are written down."""
    return {"tags": sorted(str(each) for each in ids)}


def _texts(record: Any, known: Iterable[str], names: Collection[str]) -> dict[str, Any]:
    return {name: getattr(record, name) for name in known if name in names}


RELATIONS: Mapping[str, Callable[[Any], Any]] = {
    "owner": lambda record: record.owner_id,
    "lifecycle_stage": lambda record: record.lifecycle_stage_id,
}


def _relations(record: Any, names: Collection[str]) -> dict[str, Any]:
    said = {name: _plain(read(record)) for name, read in RELATIONS.items() if name in names}
    return said | (tags_say(record.tag_ids) if "tags" in names else {})


def _plain(value: Any) -> Any:
    """Return the value as JSON says it."""
    return value if value is None or isinstance(value, bool | int) else str(value)
