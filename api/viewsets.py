"""REST over the same reads (`visible_to`) and writes (operations) as the pages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.response import Response

from api.around import AroundRecord
from api.exporting import Exporting
from api.opening import VIEW, open_view
from api.pagination import RecordPages
from api.sharing import SharedRecord
from api.strict import StrictSerializer
from core.access import authorize
from core.actors import Actor
from core.field_rights import narrowed
from core.records.conditions.fields import asking
from core.records.conditions.operators import operators_of
from core.records.conditions.tree import LONGEST, PARAMETER
from core.records.filtering import by_conditions
from core.records.narrowing import seen_as
from core.records.ordering import chosen_order
from core.records.reading import reader_of, visible_one
from core.records.registry import RecordType
from crm.history.merging import RecordMerged, survivor_of

FILTER_HELP = (
    "Conditions as field:operator:value. A comma joins what must all be true, or(…) what may be, "
    "and(…) groups; | stands between the values of one condition; values with signs stand in "
    "quotes. `me` is the member asking; days are ISO dates, today, yesterday or tomorrow, and "
    "periods such as this_week or last_quarter. Fields of related records are company.industry "
    "and so on. Fields with their operators:"
)


class RecordSerializer(StrictSerializer):
    """Reads a record's values, and says them as far as the caller may see them.

    `follows` names what the record says besides its fields, and the field it follows from.
    """

    follows: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def represent(self, record: Any) -> dict[str, Any]:
        """Return everything the record says, as JSON."""
        raise NotImplementedError

    def to_representation(self, instance: Any) -> dict[str, Any]:
        said = self.represent(instance)
        record_type: RecordType = self.context["view"].record_type
        rights = record_type.rights.of_type(record_type.name)
        if not rights:
            return said
        followed = {name: rights[field] for name, field in self.follows.items() if field in rights}
        return narrowed(said, rights | followed)


class OrderSerializer(StrictSerializer):
    """The order somebody puts things of their own into."""

    ids = serializers.ListField(child=serializers.UUIDField(), max_length=200)


class Conditions(BaseFilterBackend):
    """`filter=title:contains:chief,or(owner:any:me,updated_at:last:30)`: conditions, as in lists."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        asked = asking(view.actor)
        return by_conditions(queryset, view.record_type, request.query_params, asked)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        fields = view.record_type.listing.filterable
        named = [f"{field.name} ({', '.join(operators_of(field.kind))})" for field in fields.fields]
        related = [f"{relation.name}.…" for relation in fields.relations]
        return [
            {
                "name": PARAMETER,
                "in": "query",
                "required": False,
                "description": FILTER_HELP + "\n\n" + "; ".join([*named, *related]),
                "schema": {"type": "string", "maxLength": LONGEST},
            },
            {
                "name": VIEW,
                "in": "query",
                "required": False,
                "description": "A saved view, whose parameters apply where the address has none.",
                "schema": {"type": "string", "format": "uuid"},
            },
        ]


class Ordering(BaseFilterBackend):
    """`ordering=name` or `ordering=-name`: a column of the record type's list."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        columns = [column.name for column in view.record_type.listing.columns if column.sort]
        allowed = [order for name in columns for order in (name, f"-{name}")]
        return [
            {
                "name": "ordering",
                "in": "query",
                "required": False,
                "description": "The column to sort by; a minus turns the order round.",
                "schema": {"type": "string", "enum": allowed},
            }
        ]


IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description=(
        "The version the change is relative to, as the ETag of the record gave it; the same as "
        "`version` in the body. What others changed since stays, and the same field changed by "
        "both is refused with `edit_conflict`. Without a version the last one to write wins."
    ),
)


def named_version(headers: Mapping[str, str]) -> int | None:
    """Return the version If-Match names, or None."""
    named = headers.get("If-Match", "").removeprefix("W/").strip('"')
    return int(named) if named.isascii() and named.isdigit() else None


class RecordViewSet(Exporting, AroundRecord, SharedRecord, viewsets.GenericViewSet):
    """List, retrieve, create, update and delete records of one type."""

    record_type: RecordType
    filterset_class: type[FilterSet]
    filter_backends = (DjangoFilterBackend, Conditions, Ordering)
    pagination_class = RecordPages
    paginator: RecordPages
    lookup_value_converter = "uuid"

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    @property
    def order(self) -> str:
        return chosen_order(self.record_type.listing, self.request.query_params.get("ordering", ""))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.record_type = seen_as(self.record_type, self.actor)
        self.filterset_class = self.record_type.listing.filters

    def get_queryset(self) -> QuerySet[Any]:
        authorize(self.actor, self.record_type.permission("view"))
        return self.record_type.model._default_manager.visible_to(self.actor)

    @staticmethod
    def read_along(rows: QuerySet[Any]) -> QuerySet[Any]:
        """Fetch what the representation needs, so that a page costs the same however long it is."""
        return rows

    def list(self, request: Request) -> Response:
        open_view(request, self.record_type, self.actor)
        rows = self.filter_queryset(self.get_queryset())
        page = self.paginator.page_of(rows, self.record_type.listing, self.order, request)
        read = reader_of(self.record_type.model, self.read_along)
        search = request.query_params.get("search", "").strip()
        found = page.records(read)
        if search:
            found = self.record_type.search.confirm(found, search)
        return self.get_paginated_response(self.get_serializer(found, many=True).data)

    def retrieve(self, request: Request, pk: Any) -> Response:
        return self._said(self.get_object())

    def create(self, request: Request) -> Response:
        authorize(self.actor, self.record_type.permission("add"))
        values = self._read()
        values.pop("version", None)
        record = self.record_type.operations.create(actor=self.actor, **values)
        headers = {"Location": request.build_absolute_uri(f"{request.path}{record.pk}/")}
        said = self.get_serializer(record).data
        return Response(said, status=status.HTTP_201_CREATED, headers=headers)

    @extend_schema(parameters=[IF_MATCH])
    def update(self, request: Request, pk: Any) -> Response:
        return self._change(partial=False)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: Any) -> Response:
        return self._change(partial=True)

    def destroy(self, request: Request, pk: Any) -> Response:
        self.record_type.operations.delete(self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def get_object(self) -> Any:
        authorize(self.actor, self.record_type.permission("view"))
        pk = self.kwargs["pk"]
        found = visible_one(self.record_type.model, self.read_along, pk, self.actor)
        if found is None:
            if survivor := survivor_of(self.record_type, pk, self.actor):
                raise RecordMerged(survivor.pk)
            raise NotFound(_("There is no such record."))
        return found

    def _change(self, *, partial: bool) -> Response:
        record = self.get_object()
        changes = self._read(partial=partial)
        version = changes.pop("version", None) or named_version(self.request.headers)
        update = self.record_type.operations.update
        update(record, actor=self.actor, changes=changes, version=version)
        return self._said(self.get_object())

    def _said(self, record: Any) -> Response:
        said = self.get_serializer(record).data
        return Response(said, headers={"ETag": f'"{record.version}"'})

    def _read(self, *, partial: bool = False) -> dict[str, Any]:
        serializer = self.get_serializer(data=self.request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)
