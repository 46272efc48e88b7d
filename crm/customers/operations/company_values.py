"""Reading a company's values: what people write, made into what is stored."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import idna
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from compliance.encryption.words import prefixes, sort_key
from core.isolation.scope import current_workspace
from core.records.writing import Problems, normalised, set_values
from crm.customers.addresses import find_country
from crm.customers.industries import find_industry
from crm.customers.models.companies import Company
from crm.customers.nearness import near_terms
from crm.customers.operations.family import Family
from crm.customers.operations.plain_values import (
    read_country,
    read_currency,
    read_phone,
    read_references,
    read_source,
    text_of,
)
from crm.customers.operations.references import References, Row
from crm.customers.operations.sayings import company_says, tags_say
from crm.customers.operations.tagging import new_tags

PLAIN = (
    "name", "website", "industry", "employees", "revenue", "currency", "founded_year", "phone",
    "street", "district", "city", "postcode", "province", "country", "source", "description",
)  # fmt: skip
NAME_KEY_LENGTH = 120


@dataclass(slots=True)
class CompanyDraft:
    """A company with its new values, and what of it has to be written."""

    company: Company
    columns: list[str] = field(default_factory=list)
    tags: list[UUID] | None = None
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def record(self) -> Any:
        return self.company

    @property
    def changed(self) -> list[str]:
        """The names of what a person changed, without what follows from it."""
        derived = ("domain", "name_key", "search_terms", "updated_at", "version")
        names = [name for name in self.columns if name not in derived]
        return names if self.tags is None else [*names, "tags"]

    def says(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what the company says once this is written, in the words of its operations."""
        said = company_says(self.company, set(names) - {"tags"})
        if "tags" in names:
            said |= tags_say(self.company.tag_ids if self.tags is None else self.tags)
        return said


def read_company(
    company: Company, row: Row, *, references: References, family: Family
) -> CompanyDraft:
    """Set the row's values on the company, or raise ValidationError naming each wrong field."""
    problems: Problems = {}
    plain = {name: row[name] for name in PLAIN if name in row}
    plain = normalised(plain, _normalisers(company, row), problems=problems)
    draft = CompanyDraft(company)
    if not company._state.adding:
        # The currency may follow from the revenue.
        draft.before = company_says(company, {*row, "currency"} if "revenue" in row else row.keys())
    draft.columns += set_values(company, plain, problems=problems)
    draft.columns += read_references(company, row, references, problems=problems)
    draft.columns += _read_parent(company, row, references, family, problems)
    draft.tags = new_tags(company, row, references, problems=problems)
    if not company.name and "name" not in problems:
        problems["name"] = [ValidationError(_("This field is required."), code="required")]
    if problems:
        raise ValidationError(problems)
    draft.columns += _derive(company, draft.changed)
    return draft


def _normalisers(company: Company, row: Row) -> dict[str, Callable[[Any], Any]]:
    country = find_country(text_of(row.get("country", company.country)))
    return {
        "name": lambda value: " ".join(text_of(value).split()),
        "website": read_website,
        "industry": lambda value: find_industry(text_of(value)),
        "source": read_source,
        "country": read_country,
        "currency": read_currency,
        "phone": partial(read_phone, country=country),
    }


def _read_parent(
    company: Company, row: Row, references: References, family: Family, problems: Problems
) -> list[str]:
    if "parent" not in row:
        return []
    try:
        # A parent one may not see stays a parent as long as nobody names another.
        if str(getattr(row["parent"], "pk", row["parent"])) == str(company.parent_id):
            return []
        parent = references.company(row["parent"])
        family.adopt(company.pk, parent)
    except ValidationError as error:
        problems["parent"] = error.error_list
        return []
    if parent == company.parent_id:
        return []
    company.parent_id = parent
    return ["parent"]


def _derive(company: Company, changed: list[str]) -> list[str]:
    """Bring along what follows from the changed fields; return the columns to write as well."""
    columns = []
    if "website" in changed:
        company.domain = domain_of(company.website)
        columns.append("domain")
    if "name" in changed or "website" in changed:
        company.name_key = sort_key(company.name)[1][:NAME_KEY_LENGTH]
        named = [company.name, company.domain]
        company.search_terms = sorted(prefixes(named) | near_terms(named))
        columns += ["name_key", "search_terms"]
    if "revenue" in changed and company.revenue is not None and not company.currency:
        company.currency = current_workspace().currency
        columns.append("currency")
    if changed and not company._state.adding:
        company.version += 1
        columns += ["version", "updated_at"]
    return columns


def read_website(value: Any) -> str:
    """Return the address with its scheme: example.com becomes https://example.com."""
    text = text_of(value)
    if not text:
        return ""
    address = text if "://" in text else f"https://{text}"
    if not domain_of(address):
        raise ValidationError(_("This is not a web address."), code="invalid_website")
    return address


def domain_of(website: str) -> str:
    """Return the host of a web address as the mail and name systems write it, without www."""
    try:
        host = (urlsplit(website).hostname or "").removeprefix("www.")
        return idna.encode(host, uts46=True).decode() if "." in host else ""
    except (ValueError, idna.IDNAError):
        return ""
