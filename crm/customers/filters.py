"""The one definition of how companies and contacts are filtered: pages, API, exports, saved views."""

from uuid import UUID

import django_filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, Func, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.records.filters import RecordFilter
from crm.customers.industries import find_industry
from crm.customers.models.affiliations import Affiliation
from crm.customers.models.companies import Company, CompanyTag
from crm.customers.models.contacts import Contact, ContactTag
from crm.customers.models.reach import ContactAddress, ContactEmail, ContactPhone
from crm.customers.phones import parse_phone
from crm.history.models.change_sets import Portion
from crm.history.models.changes import Change


class CustomerFilter(RecordFilter):
    """What companies and contacts are both filtered by."""

    lifecycle_stage = django_filters.UUIDFilter(field_name="lifecycle_stage_id", label=_("Stage"))
    source = django_filters.CharFilter(label=_("Source"), max_length=80)
    written_in = django_filters.UUIDFilter(method="of_change_set", label=_("Change set"))

    def of_change_set(self, queryset: QuerySet, name: str, value: UUID) -> QuerySet:
        """Return what a change set, such as an import, created or updated."""
        made = Portion.objects.filter(change_set=value, role=Portion.Role.CREATED)
        created = made.annotate(record=Func("ids", function="unnest")).values("record")
        updated = Change.objects.filter(change_set=value).values("record_id")
        return queryset.filter(Q(pk__in=created) | Q(pk__in=updated))


class CompanyFilter(CustomerFilter):
    tag = django_filters.UUIDFilter(method="tagged", label=_("Tag"))
    industry = django_filters.CharFilter(method="of_industry", label=_("Industry"), max_length=80)
    country = django_filters.CharFilter(label=_("Country"), max_length=2)
    parent = django_filters.UUIDFilter(field_name="parent_id", label=_("Parent company"))
    domain = django_filters.CharFilter(label=_("Domain"), max_length=253)

    class Meta:
        model = Company
        fields = ()

    def tagged(self, queryset: QuerySet, name: str, value: UUID) -> QuerySet:
        return queryset.filter(Exists(CompanyTag.objects.filter(company=OuterRef("pk"), tag=value)))

    def of_industry(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(industry=find_industry(value))


class ContactFilter(CustomerFilter):
    tag = django_filters.UUIDFilter(method="tagged", label=_("Tag"))
    company = django_filters.UUIDFilter(method="of_company", label=_("Company"))
    country = django_filters.CharFilter(method="in_country", label=_("Country"), max_length=2)
    email = django_filters.CharFilter(method="reached_by_email", label=_("E-mail"), max_length=254)
    phone = django_filters.CharFilter(method="reached_by_phone", label=_("Phone"), max_length=40)

    class Meta:
        model = Contact
        fields = ()

    def tagged(self, queryset: QuerySet, name: str, value: UUID) -> QuerySet:
        return queryset.filter(Exists(ContactTag.objects.filter(contact=OuterRef("pk"), tag=value)))

    def of_company(self, queryset: QuerySet, name: str, value: UUID) -> QuerySet:
        places = Affiliation.objects.filter(contact=OuterRef("pk"), company=value)
        return queryset.filter(Exists(places))

    def in_country(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        there = ContactAddress.objects.filter(contact=OuterRef("pk"), country=value.upper())
        return queryset.filter(Exists(there))

    def reached_by_email(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return with_email(queryset, value)

    def reached_by_phone(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return with_phone(queryset, value)


def with_email(queryset: QuerySet, email: str) -> QuerySet:
    """Return the contacts that have exactly this e-mail address."""
    return queryset.filter(pk__in=ContactEmail.objects.where(email=email).values("contact_id"))


def with_phone(queryset: QuerySet, text: str) -> QuerySet:
    """Return the contacts that have exactly this number, however it is written."""
    try:
        number = parse_phone(text)
    except ValidationError:
        return queryset.none()
    return queryset.filter(pk__in=ContactPhone.objects.where(number=number).values("contact_id"))
