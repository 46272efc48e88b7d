"""The short lists records refer to: stages and tags. Read only."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import mixins, serializers, viewsets

from crm.customers.models.labels import LifecycleStage, Tag


class LabelSerializer(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    key = serializers.CharField(read_only=True)
    tone = serializers.CharField(read_only=True)


class ShortListViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """A list every member may read."""

    filter_backends = ()
    lookup_value_converter = "uuid"


class LifecycleStageViewSet(ShortListViewSet):
    """Stages of a customer’s life."""

    queryset = LifecycleStage.objects.none()
    serializer_class = LabelSerializer

    def get_queryset(self) -> QuerySet[Any]:
        return LifecycleStage.objects.order_by("position", "pk")


class TagViewSet(ShortListViewSet):
    """Tags."""

    queryset = Tag.objects.none()
    serializer_class = LabelSerializer

    def get_queryset(self) -> QuerySet[Any]:
        return Tag.objects.order_by("position", "pk")
