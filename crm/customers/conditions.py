"""What companies and contacts can be filtered by, each field once."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from compliance.encryption.records import prefix_matcher
from core.actors import Actor
from core.records.conditions.fields import Asking, Filterable, FilterField, Relation
from core.records.conditions.operators import NO_ROWS
from core.records.registry import Choices
from crm.customers import choices
from crm.customers.addresses import country_name
from crm.customers.forms.fields import LANGUAGES
from crm.customers.industries import find_industry, industry_label
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company, CompanyTag
from crm.customers.models.contacts import Contact, ContactTag
from crm.customers.models.reach import ContactAddress, ContactEmail, ContactPhone
from crm.customers.phones import parse_phone
from crm.customers.sources import find_source, source_label


# ---------- Values that lie in tables of their own ----------
def _any_in(model: type[Model], owner: str, column: str) -> Callable[[Sequence[Any], Asking], Q]:
    """Return the condition that a record owns a row of this model with one of the values."""

    def matching(values: Sequence[Any], asking: Asking) -> Q:
        rows = model._default_manager.filter(**{owner: OuterRef("pk"), f"{column}__in": values})
        return Q(Exists(rows))

    return matching


def _has(model: type[Model], owner: str, **having: Any) -> Callable[[], Q]:
    """Return the condition that a record owns any row of this model."""
    return lambda: Q(Exists(model._default_manager.filter(**{owner: OuterRef("pk")}, **having)))


def _with_email(values: Sequence[Any], asking: Asking) -> Q:
    return Q(pk__in=ContactEmail.objects.where_any("email", values).values("contact_id"))


def _with_phone(values: Sequence[Any], asking: Asking) -> Q:
    numbers = _numbers(values)
    rows = ContactPhone.objects.where_any("number", numbers)
    return Q(pk__in=rows.values("contact_id")) if numbers else NO_ROWS


def _company_with_phone(values: Sequence[Any], asking: Asking) -> Q:
    numbers = _numbers(values)
    rows = Company.objects.where_any("phone", numbers)
    return Q(pk__in=rows.values("pk")) if numbers else NO_ROWS


def _numbers(values: Sequence[Any]) -> list[str]:
    """Return the numbers as they are stored; what is no number is nobody's."""
    found = []
    for value in values:
        try:
            found.append(parse_phone(str(value)))
        except ValidationError:
            continue
    return found


# Above this many, a page takes the index's word: opening all names would take longer than looking.
OPENED_FOR_A_PAGE = 500


def _named(values: Sequence[Any], asking: Asking) -> Q:
    """Return the contacts a word of whose name begins so, without those the index has by chance."""
    text = str(values[0])
    found = Contact.objects.visible_to(asking.actor).matching_prefix(text)
    is_match = prefix_matcher(Contact, text)
    names = found.only("given_name", "family_name").order_by()
    opened = names if asking.is_exact else names[:OPENED_FOR_A_PAGE]
    chance = [contact.pk for contact in opened if not is_match(contact)]
    return Q(pk__in=found.values("pk")) & (~Q(pk__in=chance) if chance else Q())


# ---------- Related records ----------
def _of_companies(companies: QuerySet[Any]) -> Q:
    places = Affiliation.objects.filter(contact=OuterRef("pk"), company__in=companies)
    return Q(Exists(places))


def _of_contacts(contacts: QuerySet[Any]) -> Q:
    places = Affiliation.objects.filter(company=OuterRef("pk"), contact__in=contacts)
    return Q(Exists(places))


def _of_parents(parents: QuerySet[Any]) -> Q:
    return Q(parent__in=parents)


def company_name(value: str) -> str:
    """Return the name of a company a list is filtered by."""
    try:
        company = Company.objects.filter(pk=UUID(value)).only("name").first()
    except ValueError:
        return value
    return company.name if company else value


def _find_company(text: str, actor: Actor) -> str:
    """Return the id of the company somebody names, or what they wrote."""
    found = Company.objects.visible_to(actor).filter(name__iexact=text.strip()).order_by("pk")
    pk = found.values_list("pk", flat=True).first()
    return str(pk) if pk else text


def _country(text: str) -> str:
    return text.strip().upper()


def _countries() -> Choices:
    return choices.country_choices()[1:]


def _languages() -> Choices:
    return LANGUAGES[1:]


# Who works where is told by the contacts.
PLACES = ("contact", "companies")
RELATIONSHIP = (
    FilterField(
        "lifecycle_stage", _("Stage"), "reference", "lifecycle_stage_id", choices.stages,
        quick="lifecycle_stage",
    ),
    FilterField("owner", _("Owner"), "member", "owner_id", choices.members, quick="owner"),
    FilterField(
        "source", _("Source"), "choice", options=choices.sources, read=find_source,
        describe=source_label,
    ),
    FilterField("created_at", _("Added"), "moment"),
    FilterField("updated_at", _("Last change"), "moment"),
)  # fmt: skip
COMPANY = FilterField(
    "company", _("Company"), "reference",
    matching=_any_in(Affiliation, "contact", "company"), filled=_has(Affiliation, "contact"),
    describe=company_name, pick="company-options", find=_find_company, tells="companies",
)  # fmt: skip
FOR_CONTACTS = Filterable(
    fields=(
        FilterField("name", _("Name"), "name", matching=_named),
        COMPANY,
        FilterField("title", _("Job title"), "text"),
        *RELATIONSHIP,
        FilterField(
            "tags", _("Tags"), "tags", options=choices.tags, quick="tag",
            matching=_any_in(ContactTag, "contact", "tag"), filled=_has(ContactTag, "contact"),
        ),
        FilterField(
            "email", _("E-mail"), "sealed", matching=_with_email,
            filled=_has(ContactEmail, "contact"), tells="emails",
        ),
        FilterField(
            "phone", _("Phone"), "sealed", matching=_with_phone,
            filled=_has(ContactPhone, "contact"), tells="phones",
        ),
        FilterField(
            "country", _("Country"), "choice", options=_countries, read=_country,
            matching=_any_in(ContactAddress, "contact", "country"),
            filled=lambda: Q(
                Exists(ContactAddress.objects.filter(contact=OuterRef("pk")).exclude(country=""))
            ),
            describe=country_name, tells="addresses",
        ),
        FilterField("language", _("Language"), "choice", options=_languages),
        FilterField(
            "preferred_channel", _("Preferred channel"), "choice",
            options=lambda: Contact.Channel.choices,
        ),
        FilterField(
            "email_frequency", _("E-mail frequency"), "choice",
            options=lambda: Contact.Frequency.choices,
        ),
        FilterField("do_not_call", _("Do not call"), "flag"),
        FilterField("do_not_email", _("Do not e-mail"), "flag"),
        FilterField("do_not_sms", _("Do not send SMS"), "flag"),
    ),
    relations=(Relation("company", _("Company"), Company, _of_companies, PLACES),),
)  # fmt: skip
FOR_COMPANIES = Filterable(
    fields=(
        FilterField("name", _("Name"), "text"),
        FilterField("domain", _("Domain"), "text", tells="website"),
        FilterField(
            "industry", _("Industry"), "choice", options=choices.industries, read=find_industry,
            describe=industry_label,
        ),
        FilterField(
            "country", _("Country"), "choice", options=_countries, read=_country,
            describe=country_name,
        ),
        FilterField("province", _("State or province"), "text"),
        FilterField("employees", _("Employees"), "number"),
        FilterField("revenue", _("Revenue"), "number"),
        FilterField("currency", _("Currency"), "text"),
        FilterField("founded_year", _("Founded"), "number"),
        FilterField(
            "parent", _("Parent company"), "reference", "parent_id", describe=company_name,
            pick="company-options", find=_find_company,
        ),
        *RELATIONSHIP,
        FilterField(
            "tags", _("Tags"), "tags", options=choices.tags, quick="tag",
            matching=_any_in(CompanyTag, "company", "tag"), filled=_has(CompanyTag, "company"),
        ),
        FilterField(
            "phone", _("Phone"), "sealed", matching=_company_with_phone,
            filled=lambda: ~Q(phone=""),
        ),
    ),
    relations=(
        Relation("parent", _("Parent company"), Company, _of_parents, ("company", "parent")),
        Relation("contacts", _("Contacts"), Contact, _of_contacts, PLACES),
    ),
)  # fmt: skip
