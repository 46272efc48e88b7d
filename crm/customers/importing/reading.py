"""Reading records for an export: no more of each than its columns write, and all of it at once."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from core.records.lists import named_only
from crm.customers.importing.writing import ADDRESS
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact

# The list that each column of a contact is about; the other columns are the contact's own.
LIST_OF = {
    "email": "emails",
    "email_labels": "emails",
    "phone": "phones",
    "phone_labels": "phones",
    "company": "affiliations",
    "company_roles": "affiliations",
    "company_from": "affiliations",
    "company_until": "affiliations",
    "address_label": "addresses",
    "other_addresses": "addresses",
} | {part: "addresses" for part in ADDRESS if part != "label"}
NAMED = ("owner", "lifecycle_stage", "parent")


def contacts_to_export(rows: QuerySet[Contact], names: Collection[str]) -> QuerySet[Contact]:
    """Read contacts for these columns."""
    lists = dict.fromkeys(LIST_OF[name] for name in names if name in LIST_OF)
    own = [name for name in names if name not in LIST_OF]
    found: Any = _own_values(rows, own)
    return found.with_lists(*lists, named=("company",)) if lists else found


def companies_to_export(rows: QuerySet[Company], names: Collection[str]) -> QuerySet[Company]:
    """Read companies for these columns."""
    return _own_values(rows, names)


def _own_values(rows: Any, names: Collection[str]) -> Any:
    columns = {field.name for field in rows.model._meta.concrete_fields}
    related = [name for name in NAMED if name in names and name in columns]
    own = {"id", *columns.intersection(names)} - {*related}
    found = named_only(rows, *related, own=own) if related else rows.only(*own)
    return found.with_tags() if "tags" in names else found
