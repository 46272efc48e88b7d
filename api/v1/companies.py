"""Companies in the API."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.many import ManyRecords
from api.viewsets import RecordSerializer, RecordViewSet
from core.records.registry import record_type_of
from crm.customers.filters import CompanyFilter
from crm.customers.models.companies import Company
from crm.customers.tree import tree_of


class CompanySerializer(RecordSerializer):
    """A company as it is read and written."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=200)
    website = serializers.CharField(max_length=300, required=False, allow_blank=True)
    domain = serializers.CharField(read_only=True)
    industry = serializers.CharField(max_length=80, required=False, allow_blank=True)
    employees = serializers.IntegerField(min_value=0, required=False, allow_null=True)
    revenue = serializers.DecimalField(18, 2, min_value=0, required=False, allow_null=True)
    currency = serializers.CharField(max_length=3, required=False, allow_blank=True)
    founded_year = serializers.IntegerField(required=False, allow_null=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    street = serializers.CharField(max_length=300, required=False, allow_blank=True)
    district = serializers.CharField(max_length=120, required=False, allow_blank=True)
    city = serializers.CharField(max_length=120, required=False, allow_blank=True)
    province = serializers.CharField(max_length=120, required=False, allow_blank=True)
    postcode = serializers.CharField(max_length=20, required=False, allow_blank=True)
    country = serializers.CharField(max_length=80, required=False, allow_blank=True)
    parent = serializers.UUIDField(required=False, allow_null=True)
    owner = serializers.UUIDField(required=False, allow_null=True)
    lifecycle_stage = serializers.UUIDField(required=False, allow_null=True)
    source = serializers.CharField(max_length=80, required=False, allow_blank=True)
    tags = serializers.ListField(child=serializers.UUIDField(), required=False)
    description = serializers.CharField(max_length=10_000, required=False, allow_blank=True)
    version = serializers.IntegerField(min_value=1, required=False)
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)

    follows: ClassVar[Mapping[str, str]] = {"domain": "website"}

    def represent(self, record: Company) -> dict[str, Any]:
        return represent(record)


def represent(company: Company) -> dict[str, Any]:
    """Return the company as JSON says it; written out because lists do this thousands of times."""
    return {
        "id": str(company.pk),
        "name": company.name,
        "website": company.website,
        "domain": company.domain,
        "industry": company.industry,
        "employees": company.employees,
        "revenue": None if company.revenue is None else f"{company.revenue:.2f}",
        "currency": company.currency,
        "founded_year": company.founded_year,
        "phone": company.phone,
        "street": company.street,
        "district": company.district,
        "city": company.city,
        "province": company.province,
        "postcode": company.postcode,
        "country": company.country,
        "parent": company.parent_id,
        "owner": company.owner_id,
        "lifecycle_stage": company.lifecycle_stage_id,
        "source": company.source,
        "tags": company.tag_ids,
        "description": company.description,
        "version": company.version,
        "created_at": company.created_at,
        "updated_at": company.updated_at,
    }


class BranchSerializer(serializers.Serializer):
    """A company in its tree."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    parent = serializers.UUIDField(allow_null=True)
    level = serializers.IntegerField(help_text="How deep it hangs in the tree.")
    contacts = serializers.IntegerField(
        allow_null=True,
        help_text="How many of its contacts the caller sees; null where that is hidden.",
    )


class CompanyViewSet(ManyRecords, RecordViewSet):
    """Companies: organisations the workspace deals with."""

    record_type = record_type_of(Company)
    queryset = Company.objects.none()
    serializer_class = CompanySerializer
    filterset_class = CompanyFilter

    @staticmethod
    def read_along(rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.with_tags().defer("search_terms")

    @extend_schema(responses=BranchSerializer(many=True))
    @action(detail=True, filter_backends=(), pagination_class=None)
    def tree(self, request: Request, pk: Any) -> Response:
        """The companies this one belongs with, each above its subsidiaries."""
        branches = tree_of(self.get_object(), self.actor)
        return Response(
            [
                {
                    "id": branch.company.pk,
                    "name": branch.company.name,
                    "parent": branch.company.parent_id,
                    "level": branch.level,
                    "contacts": branch.contacts,
                }
                for branch in branches
            ]
        )
