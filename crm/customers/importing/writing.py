"""What an export writes of customers, so that an import reads the same values again."""

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from crm.customers.addresses import country_name, find_country
from crm.transfer.lists import write_list, write_parallel

ADDRESS = ("label", "street", "district", "city", "province", "postcode", "country")


def primary_first(record: Any, name: str) -> list[Any]:
    """Return the rows of a list; the first one of a file is read as the primary one."""
    rows: list[Any] = record.listed(name)
    is_sorted = len(rows) < 2 or (
        rows[0].is_primary and not any(row.is_primary for row in rows[1:])
    )
    return rows if is_sorted else sorted(rows, key=lambda row: not row.is_primary)


def emails(contact: Any) -> str:
    return write_list(row.email for row in primary_first(contact, "emails"))


def phones(contact: Any) -> str:
    return write_list(row.number for row in primary_first(contact, "phones"))


def companies(contact: Any) -> str:
    return write_list(row.company.name for row in primary_first(contact, "affiliations"))


def beside(name: str, attribute: str, contact: Any) -> str:
    """Return what a list says of each of its rows, in the order of the column it belongs to."""
    values = (getattr(row, attribute) for row in primary_first(contact, name))
    return write_parallel(["" if value is None else str(value) for value in values])


def address_part(name: str, contact: Any) -> str:
    first = next(iter(primary_first(contact, "addresses")), None)
    attribute = "label" if name == "address_label" else name
    return str(getattr(first, attribute)) if first else ""


def address_country(contact: Any) -> str:
    return country(address_part("country", contact))


def country(code: str) -> str:
    """Return the country's name in the reader's language, or its code where the name says less."""
    return _country(code, get_language() or "en") if code else ""


@lru_cache(maxsize=1024)
def _country(code: str, _language: str) -> str:
    name = country_name(code)
    return name if find_country(name) == code else code


def other_addresses(contact: Any) -> str:
    """Return the addresses behind the first one, each with its parts as a list of its own."""
    rest = primary_first(contact, "addresses")[1:]
    return write_list(write_parallel([getattr(row, part) for part in ADDRESS]) for row in rest)


def tags(record: Any) -> str:
    return write_list(tag.own_name or tag.name for tag in record.tag_list)
