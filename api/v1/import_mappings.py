"""Saved mappings of imports in the API."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from api.strict import StrictSerializer
from core.actors import Actor
from crm.transfer.mapping.columns import EXISTING, Mapping
from crm.transfer.models import SavedMapping
from crm.transfer.permissions import authorize_import
from crm.transfer.saving import forget_mapping, rename_mapping


class SavedColumnSerializer(serializers.Serializer):
    """A column of such files and the field it goes into."""

    column = serializers.CharField()
    field = serializers.CharField(allow_blank=True)
    multiply = serializers.IntegerField()
    existing = serializers.ChoiceField(choices=list(EXISTING))


class SavedMappingSerializer(StrictSerializer):
    """A mapping that files with the same columns get by themselves."""

    id = serializers.UUIDField(read_only=True)
    record_type = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=80)
    columns = SavedColumnSerializer(many=True, read_only=True)
    created_at = serializers.DateTimeField(read_only=True)

    def to_representation(self, instance: SavedMapping) -> dict[str, Any]:
        columns = Mapping.from_json(instance.mapping).columns
        return {
            "id": instance.pk,
            "record_type": instance.record_type,
            "name": instance.name,
            "columns": [
                {
                    "column": each.name,
                    "field": each.field,
                    "multiply": each.multiply,
                    "existing": each.existing,
                }
                for each in columns
            ],
            "created_at": instance.created_at,
        }


class SavedMappingViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Saved mappings; one is saved while an import is decided about (`save_mapping_as`)."""

    key_group = "imports"
    queryset = SavedMapping.objects.none()
    serializer_class = SavedMappingSerializer
    filter_backends = ()
    lookup_value_converter = "uuid"

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def get_queryset(self) -> QuerySet[Any]:
        authorize_import(self.actor)
        return SavedMapping.objects.order_by("record_type", "name", "pk")

    @extend_schema(request=SavedMappingSerializer, responses=SavedMappingSerializer)
    def partial_update(self, request: Request, pk: Any) -> Response:
        """Give the mapping another name."""
        asked = SavedMappingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        name = asked.validated_data["name"]
        renamed = rename_mapping(self.get_object(), name=name, actor=self.actor)
        return Response(self.get_serializer(renamed).data)

    def destroy(self, request: Request, pk: Any) -> Response:
        forget_mapping(self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)
