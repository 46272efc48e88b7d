"""What hangs on records in the API: named by the record's type and id, seen by whoever sees the record."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request

from api.pagination import Pages
from core.actors import Actor
from core.records.attached import record_seen_by

OF_RECORD = [
    OpenApiParameter("record_type", str, description="Only of this type, such as contact."),
    OpenApiParameter("record_id", UUID, description="Only of this record."),
]


class AttachedViewSet(viewsets.GenericViewSet):
    """Reads and finds what hangs on the records the caller may see."""

    filter_backends = ()
    pagination_class = Pages
    lookup_value_converter = "uuid"
    attached: Any

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def get_queryset(self) -> QuerySet[Any]:
        return self.attached.objects.visible_to(self.actor)

    def of_record(self, rows: QuerySet[Any], request: Request) -> QuerySet[Any]:
        """Return those of the rows the query string asks for."""
        asked = {
            name: request.query_params[name]
            for name in ("record_type", "record_id")
            if request.query_params.get(name)
        }
        if "record_id" in asked:
            try:
                UUID(asked["record_id"])
            except ValueError:
                raise ValidationError({"record_id": [_("This is not an id.")]}) from None
        return rows.filter(**asked)

    def record(self, values: dict[str, Any]) -> Any:
        """Return the record named in the body, taking its names out of the values."""
        name, pk = values.pop("record_type"), values.pop("record_id")
        found = record_seen_by(self.actor, name, pk)
        if found is None:
            raise ValidationError({"record_id": [_("There is no such record.")]})
        return found

    def get_object(self) -> Any:
        return self._one(self.get_queryset().present())

    def get_deleted_too(self) -> Any:
        """Return what is named, which may be deleted already: it can be brought back."""
        return self._one(self.get_queryset())

    def _one(self, rows: QuerySet[Any]) -> Any:
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise NotFound(_("There is no such record."))
        return found
