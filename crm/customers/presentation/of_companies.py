"""How companies appear in their list and on their page."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.records.cells import Link, Money
from core.records.lists import named_only
from core.records.registry import (
    Column,
    FieldGroup,
    FieldView,
    Line,
    Listing,
    Page,
    QuickFilter,
    Told,
)
from crm.customers import choices, conditions, related
from crm.customers.addresses import country_name
from crm.customers.conditions import company_name
from crm.customers.filters import CompanyFilter
from crm.customers.industries import industry_label
from crm.customers.models.companies import Company
from crm.customers.phones import show_phone
from crm.customers.presentation.shared import (
    ADDED,
    DESCRIPTION,
    OWNER,
    QUICK,
    RELATIONSHIP,
    SOURCE,
    STAGE,
    TAGS,
    UPDATED,
    stage_of,
    tags_of,
)


def for_list(rows: QuerySet[Company], /, *reads: str) -> QuerySet[Company]:
    """Read along what the list shows; `reads` names what only some columns need."""
    own = {field.name for field in Company._meta.concrete_fields} - {"search_terms"}
    joined = [
        name for name in ("owner", "lifecycle_stage", "parent") if name != "parent" or name in reads
    ]
    return named_only(rows, *joined, own=own).with_tags()  # type: ignore[attr-defined]


def for_page(rows: QuerySet[Company]) -> QuerySet[Company]:
    """Read along what the page shows."""
    return rows.select_related("owner", "lifecycle_stage", "parent").with_tags()  # type: ignore[attr-defined]


def revenue_of(company: Company) -> Money:
    return Money(company.revenue, company.currency)


def website_of(company: Company) -> Link | None:
    return Link(company.domain, company.website) if company.website else None


def parent_of(company: Company) -> Link | None:
    return Link(company.parent.name, company.parent.get_absolute_url()) if company.parent else None


def phones_of(company: Company) -> list[Link]:
    if not company.phone:
        return []
    return [Link(show_phone(company.phone, country=company.country), f"tel:{company.phone}")]


# Industry and country in one line.
PLACE = Line(
    (
        Told("industry", lambda each: each.industry_name),
        Told("country", lambda each: country_name(each.country)),
    )
)
ADDRESS = ("street", "district", "city", "postcode", "province", "country")


def year_of(company: Company) -> str:
    return str(company.founded_year or "")


def lines_of(company: Any) -> list[str]:
    return company.address.lines()


LISTING = Listing(
    columns=(
        Column("name", _("Name"), str, "name", sort="name_key", edits="name"),
        Column(
            "industry",
            _("Industry"),
            lambda each: each.industry_name,
            sort="industry",
            edits="industry",
        ),
        Column(
            "country",
            _("Country"),
            lambda each: country_name(each.country),
            sort="country",
            edits="country",
        ),
        Column(
            "employees",
            _("Employees"),
            lambda each: each.employees,
            "number",
            sort="employees",
            edits="employees",
            sums="employees",
        ),
        Column(
            "revenue",
            _("Revenue"),
            revenue_of,
            "money",
            sort="revenue",
            edits="revenue",
            sums="revenue",
            tells=("revenue", "currency"),
        ),
        STAGE,
        OWNER,
        UPDATED,
        TAGS,
        Column(
            "website",
            _("Website"),
            website_of,
            "record",
            sort="domain",
            is_shown=False,
            edits="website",
        ),
        Column(
            "phone",
            _("Phone"),
            lambda each: each.phone,
            "sealed",
            is_shown=False,
            tells=("phone",),
        ),
        Column(
            "parent",
            _("Parent company"),
            parent_of,
            "record",
            sort="parent__name_key",
            is_shown=False,
            reads=("parent",),
            edits="parent",
        ),
        Column(
            "founded",
            _("Founded"),
            year_of,
            sort="founded_year",
            is_shown=False,
            edits="founded_year",
        ),
        Column(
            "province",
            _("State or province"),
            lambda each: each.province,
            sort="province",
            is_shown=False,
            edits="province",
        ),
        SOURCE,
        ADDED,
    ),
    filters=CompanyFilter,
    quick=(
        *QUICK,
        QuickFilter("industry", _("Industry"), industry_label),
        QuickFilter("parent", _("Parent company"), company_name),
        QuickFilter("country", _("Country"), country_name),
    ),
    choices=choices.FOR_COMPANIES,
    prepare=for_list,
    order="name",
    secondary=PLACE,
    filterable=conditions.FOR_COMPANIES,
)
PAGE = Page(
    groups=(
        FieldGroup(
            _("About"),
            (
                FieldView(_("Website"), website_of, "record", edits="website"),
                FieldView(_("Industry"), lambda each: each.industry_name, edits="industry"),
                FieldView(_("Employees"), lambda each: each.employees, "number", edits="employees"),
                FieldView(
                    _("Revenue"),
                    revenue_of,
                    "money",
                    edits="revenue",
                    tells=("revenue", "currency"),
                ),
                FieldView(_("Founded"), year_of, edits="founded_year"),
                FieldView(_("Parent"), parent_of, "record", edits="parent"),
                FieldView(_("Phone"), phones_of, "links", edits="phone"),
                FieldView(_("Address"), lines_of, "lines", tells=ADDRESS),
            ),
        ),
        RELATIONSHIP,
        DESCRIPTION,
    ),
    prepare=for_page,
    subtitle=PLACE,
    related=related.of_company,
    status=Told("lifecycle_stage", stage_of),
    tags=Told("tags", tags_of),
)
