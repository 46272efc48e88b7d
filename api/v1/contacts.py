"""Contacts in the API."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api.many import ManyRecords
from api.strict import StrictSerializer
from api.viewsets import RecordSerializer, RecordViewSet
from core.records.registry import record_type_of
from crm.customers.filters import ContactFilter
from crm.customers.models.contacts import Contact


class EmailSerializer(StrictSerializer):
    email = serializers.CharField(max_length=254)
    label = serializers.CharField(max_length=40, required=False, allow_blank=True)
    primary = serializers.BooleanField(required=False)


class PhoneSerializer(StrictSerializer):
    number = serializers.CharField(max_length=40)
    label = serializers.CharField(max_length=40, required=False, allow_blank=True)
    primary = serializers.BooleanField(required=False)


class PlaceSerializer(StrictSerializer):
    company = serializers.UUIDField()
    title = serializers.CharField(max_length=150, required=False, allow_blank=True)
    started_on = serializers.DateField(required=False, allow_null=True)
    ended_on = serializers.DateField(required=False, allow_null=True)
    primary = serializers.BooleanField(required=False)


class AddressSerializer(StrictSerializer):
    label = serializers.CharField(max_length=40, required=False, allow_blank=True)
    street = serializers.CharField(max_length=300, required=False, allow_blank=True)
    district = serializers.CharField(max_length=120, required=False, allow_blank=True)
    city = serializers.CharField(max_length=120, required=False, allow_blank=True)
    province = serializers.CharField(max_length=120, required=False, allow_blank=True)
    postcode = serializers.CharField(max_length=20, required=False, allow_blank=True)
    country = serializers.CharField(max_length=80, required=False, allow_blank=True)
    primary = serializers.BooleanField(required=False)


class ContactSerializer(RecordSerializer):
    """A contact as it is read and written. A list that is given replaces the whole list."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    given_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    family_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    title = serializers.CharField(max_length=150, required=False, allow_blank=True)
    emails = EmailSerializer(many=True, required=False)
    phones = PhoneSerializer(many=True, required=False)
    addresses = AddressSerializer(many=True, required=False)
    companies = PlaceSerializer(many=True, required=False)
    language = serializers.CharField(max_length=12, required=False, allow_blank=True)
    birthday = serializers.DateField(required=False, allow_null=True)
    owner = serializers.UUIDField(required=False, allow_null=True)
    lifecycle_stage = serializers.UUIDField(required=False, allow_null=True)
    source = serializers.CharField(max_length=80, required=False, allow_blank=True)
    tags = serializers.ListField(child=serializers.UUIDField(), required=False)
    do_not_call = serializers.BooleanField(required=False)
    do_not_email = serializers.BooleanField(required=False)
    do_not_sms = serializers.BooleanField(required=False)
    preferred_channel = serializers.ChoiceField(
        choices=Contact.Channel.choices, required=False, allow_blank=True
    )
    email_frequency = serializers.ChoiceField(
        choices=Contact.Frequency.choices, required=False, allow_blank=True
    )
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    def represent(self, record: Contact) -> dict[str, Any]:
        return represent(record)


def represent(contact: Contact) -> dict[str, Any]:
    """Return the contact as JSON says it; written out because lists do this thousands of times."""
    return {
        "id": str(contact.pk),
        "name": contact.name,
        "given_name": contact.given_name,
        "family_name": contact.family_name,
        "title": contact.title,
        "emails": [_reach("email", each) for each in contact.listed("emails")],
        "phones": [_reach("number", each) for each in contact.listed("phones")],
        "addresses": [_address(each) for each in contact.listed("addresses")],
        "companies": [_place(each) for each in contact.listed("affiliations")],
        "language": contact.language,
        "birthday": contact.birthday,
        "owner": contact.owner_id,
        "lifecycle_stage": contact.lifecycle_stage_id,
        "source": contact.source,
        "tags": contact.tag_ids,
        "do_not_call": contact.do_not_call,
        "do_not_email": contact.do_not_email,
        "do_not_sms": contact.do_not_sms,
        "preferred_channel": contact.preferred_channel,
        "email_frequency": contact.email_frequency,
        "description": contact.description,
        "version": contact.version,
        "created_at": contact.created_at,
        "updated_at": contact.updated_at,
    }


def _reach(name: str, row: Any) -> dict[str, Any]:
    return {name: getattr(row, name), "label": row.label, "primary": row.is_primary}


def _address(address: Any) -> dict[str, Any]:
    return {
        "label": address.label,
        "street": address.street,
        "district": address.district,
        "city": address.city,
        "province": address.province,
        "postcode": address.postcode,
        "country": address.country,
        "primary": address.is_primary,
    }


def _place(place: Any) -> dict[str, Any]:
    return {
        "company": place.company_id,
        "title": place.title,
        "started_on": place.started_on,
        "ended_on": place.ended_on,
        "primary": place.is_primary,
    }


class ContactViewSet(ManyRecords, RecordViewSet):
    """Contacts: the people the workspace deals with."""

    record_type = record_type_of(Contact)
    queryset = Contact.objects.none()
    serializer_class = ContactSerializer
    filterset_class = ContactFilter

    @staticmethod
    def read_along(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.with_tags().with_lists().defer("name_index")
