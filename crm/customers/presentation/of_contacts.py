"""How contacts appear in their list and on their page."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from compliance.encryption.words import sort_key
from core.isolation.scope import current_workspace
from core.records.cells import Link
from core.records.registry import Column, FieldGroup, FieldView, Listing, Page, QuickFilter
from crm.customers import related
from crm.customers.filters import ContactFilter
from crm.customers.forms.fields import LANGUAGES, label_name
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.contacts import Contact
from crm.customers.models.reach import ContactPhone
from crm.customers.phones import show_phone
from crm.customers.presentation.shared import (
    DESCRIPTION,
    OWNER,
    QUICK,
    RELATIONSHIP,
    STAGE,
    TAGS,
    UPDATED,
    company_name,
    stage_of,
    tags_of,
)
from crm.customers.reading import whole_contacts_with_companies


def for_list(rows: Any) -> QuerySet[Contact]:
    """Read along what the list shows: the primary company and number, and no others."""
    main = Affiliation.objects.filter(is_primary=True).select_related("company")
    return (  # type: ignore[no-any-return]
        rows.select_related("owner", "lifecycle_stage")
        .with_tags()
        .prefetch_related(
            Prefetch("affiliations", main.defer("company__search_terms")),
            Prefetch("phones", ContactPhone.objects.filter(is_primary=True)),
        )
    )


def for_page(rows: Any) -> QuerySet[Contact]:
    """Read along what the page and the form show."""
    return whole_contacts_with_companies(rows.select_related("owner", "lifecycle_stage"))


def exact_name(contact: Contact) -> tuple[Any, ...]:
    """Return what puts contacts into the order their ranks know only roughly."""
    first, then = contact.family_name or contact.given_name, contact.given_name
    return contact.name_rank or 0, sort_key(first), sort_key(then)


def company_of(contact: Contact) -> Link | None:
    place = contact.main("affiliations")
    return Link(place.company.name, place.company.get_absolute_url()) if place else None


def main_number(contact: Contact) -> str:
    phone = contact.main("phones")
    return phone.number if phone else ""


def work_of(contact: Contact) -> str:
    """Return company and title in one line, as under a name."""
    place = contact.main("affiliations")
    parts = (place.company.name if place else "", contact.job_title)
    return " · ".join(part for part in parts if part)


def emails_of(contact: Contact) -> list[Link]:
    return [
        Link(each.email, f"mailto:{each.email}", label_name(each.label), each.is_primary)
        for each in contact.emails.all()
    ]


def phones_of(contact: Contact) -> list[Link]:
    country = current_workspace().country
    return [
        Link(
            show_phone(each.number, country=country),
            f"tel:{each.number}",
            label_name(each.label),
            each.is_primary,
        )
        for each in contact.phones.all()
    ]


def addresses_of(contact: Contact) -> list[str]:
    return [line for each in contact.addresses.all() for line in (*each.postal.lines(), "")][:-1]


def language_of(contact: Contact) -> str:
    return str(dict(LANGUAGES).get(contact.language, contact.language)) if contact.language else ""


def wishes_of(contact: Contact) -> list[str]:
    """Return what the person does not want."""
    wishes = {"do_not_call": _("Do not call"), "do_not_email": _("Do not e-mail"), "do_not_sms": _("Do not send SMS")}
    return [str(label) for name, label in wishes.items() if getattr(contact, name)]


LISTING = Listing(
    columns=(
        Column("name", _("Name"), str, "name", sort="name_rank", exact=exact_name),
        Column("company", _("Company"), company_of, "record"),
        Column("title", _("Job title"), lambda each: each.job_title, sort="title"),
        Column("phone", _("Phone"), main_number, "sealed"),
        STAGE,
        OWNER,
        UPDATED,
        TAGS,
    ),
    filters=ContactFilter,
    quick=(*QUICK, QuickFilter("company", _("Company"), describe=company_name)),
    prepare=for_list,
    secondary=work_of,
    footnote=_("Numbers are sealed; search by the whole number"),
)
PAGE = Page(
    groups=(
        FieldGroup(
            _("About"),
            (
                FieldView(_("E-mail"), emails_of, "links"),
                FieldView(_("Phone"), phones_of, "links"),
                FieldView(_("Job title"), lambda each: each.job_title),
                FieldView(_("Company"), company_of, "record"),
                FieldView(_("Address"), addresses_of, "lines"),
                FieldView(_("Language"), language_of),
                FieldView(_("Birthday"), lambda each: each.birthday, "day"),
            ),
        ),
        RELATIONSHIP,
        FieldGroup(
            _("Preferences"),
            (
                FieldView(_("Channel"), lambda each: each.get_preferred_channel_display()),
                FieldView(_("Wishes"), wishes_of, "lines"),
            ),
        ),
        DESCRIPTION,
    ),
    prepare=for_page,
    subtitle=work_of,
    related=related.of_contact,
    status=stage_of,
    tags=tags_of,
    is_person=True,
)
