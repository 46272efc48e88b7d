"""How contacts appear in their list and on their page."""

from typing import Any

from babel import Locale, UnknownLocaleError
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from compliance.encryption.words import sort_key
from core.isolation.scope import current_workspace
from core.records.cells import Link
from core.records.lists import named_only
from core.records.registry import (
    Column,
    FieldGroup,
    FieldView,
    Line,
    Listing,
    OrElse,
    Page,
    QuickFilter,
    Told,
)
from core.ui import formats
from crm.customers import choices, conditions, related
from crm.customers.addresses import country_name
from crm.customers.conditions import company_name
from crm.customers.filters import ContactFilter
from crm.customers.forms.fields import label_name
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.contacts import Contact
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


def for_list(rows: Any, /, *reads: str) -> QuerySet[Contact]:
    """Read along what the list shows; `reads` names what only some columns need."""
    own = ["given_name", "family_name", "title", "updated_at", "created_at", "version"]
    own += [name for name in reads if name not in Contact.lists]
    lists = [name for name in Contact.lists if name in ("affiliations", "phones", *reads)]
    shown = named_only(rows, "owner", "lifecycle_stage", own=own).with_tags()
    return shown.with_lists(*lists, named=("company",))


def for_page(rows: Any) -> QuerySet[Contact]:
    """Read along what the page and the form show."""
    shown = rows.select_related("owner", "lifecycle_stage").with_tags()
    return shown.with_lists(related=("company",))


def exact_name(contact: Contact) -> tuple[Any, ...]:
    """Return what puts contacts into the order their ranks know only roughly."""
    given, family = contact.given_name, contact.family_name
    return sort_key(family or given), given, contact.pk.int


def company_of(contact: Contact) -> Link | None:
    place = contact.main_place
    return Link(place.company.name, place.company.get_absolute_url()) if place else None


def main_email(contact: Contact) -> str:
    email = contact.main("emails")
    return email.email if email else ""


def country_of(contact: Contact) -> str:
    address = contact.main("addresses")
    return country_name(address.country) if address else ""


def main_company() -> Subquery:
    """Return what puts contacts into the order of their companies."""
    places = Affiliation.objects.filter(contact=OuterRef("pk"), is_primary=True)
    return Subquery(places.values("company__name_key")[:1])


def main_number(contact: Contact) -> str:
    phone = contact.main("phones")
    return phone.number if phone else ""


def main_company_name(contact: Contact) -> str:
    place = contact.main_place
    return place.company.name if place else ""


def main_role(contact: Contact) -> str:
    place = contact.main_place
    return place.title if place else ""


# The title of the person, else the one they have at their primary company.
JOB_TITLE = OrElse(lambda each: each.title, Told("companies", main_role))
# Company and title in one line, as under a name.
WORK = Line((Told("companies", main_company_name), Told("title", JOB_TITLE)))


def emails_of(contact: Contact) -> list[Link]:
    return [
        Link(each.email, f"mailto:{each.email}", label_name(each.label), each.is_primary)
        for each in contact.listed("emails")
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
        for each in contact.listed("phones")
    ]


def addresses_of(contact: Contact) -> list[str]:
    return [line for each in contact.listed("addresses") for line in (*each.postal.lines(), "")][
        :-1
    ]


def language_of(contact: Contact) -> str:
    """Return the contact's language in the reader's; a code nobody knows stays as it is."""
    try:
        spoken = Locale.parse(contact.language, sep="-") if contact.language else None
    except (UnknownLocaleError, ValueError):
        return contact.language
    return spoken.get_display_name(formats.locale()) or contact.language if spoken else ""


def wishes_of(contact: Contact) -> list[str]:
    """Return what the person does not want."""
    return [str(label) for name, label in WISHES.items() if getattr(contact, name)]


WISHES = {
    "do_not_call": _("Do not call"),
    "do_not_email": _("Do not e-mail"),
    "do_not_sms": _("Do not send SMS"),
}


LISTING = Listing(
    columns=(
        Column(
            "name",
            _("Name"),
            str,
            "name",
            sort="name_rank",
            exact=exact_name,
            exact_fields=("given_name", "family_name"),
        ),
        Column(
            "company",
            _("Company"),
            company_of,
            "record",
            sort="company_key",
            sort_as=main_company,
            tells=("companies",),
        ),
        Column("title", _("Job title"), JOB_TITLE, sort="title", edits="title"),
        Column("phone", _("Phone"), main_number, "sealed", tells=("phones",)),
        STAGE,
        OWNER,
        UPDATED,
        TAGS,
        Column(
            "email",
            _("E-mail"),
            main_email,
            "sealed",
            is_shown=False,
            reads=("emails",),
            tells=("emails",),
        ),
        Column(
            "country",
            _("Country"),
            country_of,
            is_shown=False,
            reads=("addresses",),
            tells=("addresses",),
        ),
        Column(
            "language",
            _("Language"),
            language_of,
            sort="language",
            is_shown=False,
            reads=("language",),
            edits="language",
        ),
        Column(
            "birthday",
            _("Birthday"),
            lambda each: each.birthday,
            "day",
            is_shown=False,
            reads=("birthday",),
            edits="birthday",
        ),
        Column(
            "channel",
            _("Preferred channel"),
            lambda each: each.get_preferred_channel_display(),
            sort="preferred_channel",
            is_shown=False,
            reads=("preferred_channel",),
            edits="preferred_channel",
        ),
        SOURCE,
        ADDED,
    ),
    filters=ContactFilter,
    quick=(*QUICK, QuickFilter("company", _("Company"), company_name)),
    choices=choices.FOR_CONTACTS,
    prepare=for_list,
    secondary=WORK,
    footnote=_("Numbers are sealed; search by the whole number"),
    filterable=conditions.FOR_CONTACTS,
)
PAGE = Page(
    groups=(
        FieldGroup(
            _("About"),
            (
                FieldView(_("E-mail"), emails_of, "links", edits="emails"),
                FieldView(_("Phone"), phones_of, "links", edits="phones"),
                FieldView(_("Job title"), JOB_TITLE, edits="title"),
                FieldView(_("Company"), company_of, "record", edits="companies"),
                FieldView(_("Address"), addresses_of, "lines", edits="addresses"),
                FieldView(_("Language"), language_of, edits="language"),
                FieldView(_("Birthday"), lambda each: each.birthday, "day", edits="birthday"),
            ),
        ),
        RELATIONSHIP,
        FieldGroup(
            _("Preferences"),
            (
                FieldView(
                    _("Channel"),
                    lambda each: each.get_preferred_channel_display(),
                    edits="preferred_channel",
                ),
                FieldView(
                    _("E-mail"),
                    lambda each: each.get_email_frequency_display(),
                    edits="email_frequency",
                ),
                FieldView(_("Wishes"), wishes_of, "lines", tells=tuple(WISHES)),
            ),
        ),
        DESCRIPTION,
    ),
    prepare=for_page,
    subtitle=WORK,
    related=related.of_contact,
    status=Told("lifecycle_stage", stage_of),
    tags=Told("tags", tags_of),
    is_person=True,
)
