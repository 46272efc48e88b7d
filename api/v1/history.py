"""What was done to many records, and taking it back, in the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.many import ChangeSetSerializer, answer_of
from api.pagination import Pages
from api.strict import StrictSerializer
from core.access import authorize
from core.actors import Actor
from core.field_rights import named_fields, narrowed
from core.records.registry import record_type_named
from crm.history.jobs import do_now_or_later
from crm.history.models.change_sets import ChangeSet
from crm.history.models.changes import Change
from crm.history.operations.undoing import UndoConflicts, begin_undo
from crm.history.permissions import UNDO
from crm.history.undoing import conflicts_told


class HistoryFilter(django_filters.FilterSet):
    """By what was done, to what, and by whom."""

    kind = django_filters.ChoiceFilter(choices=ChangeSet.Kind.choices)
    record_type = django_filters.CharFilter(max_length=40)
    owner = django_filters.UUIDFilter(field_name="owner_id")


class ChangeSerializer(serializers.Serializer):
    """One record before and after, in the words its endpoint takes."""

    record_type = serializers.CharField(read_only=True)
    record_id = serializers.UUIDField(read_only=True)
    version = serializers.IntegerField(read_only=True)
    fields_changed = serializers.ListField(
        child=serializers.CharField(), source="fields", read_only=True
    )
    before = serializers.JSONField(read_only=True)
    after = serializers.JSONField(read_only=True)
    changed_by = serializers.CharField(source="actor_label", read_only=True)
    changed_at = serializers.DateTimeField(source="created_at", read_only=True)

    def to_representation(self, instance: Change) -> dict[str, Any]:
        """Leave out what the caller may not see of the record."""
        said: dict[str, Any] = super().to_representation(instance)
        rights = self.context["actor"].fields.of_type(instance.record_type)
        said["fields_changed"] = named_fields(instance.fields, rights)
        return said | {key: narrowed(said[key], rights) for key in ("before", "after")}


class UndoSerializer(StrictSerializer):
    """Whether to undo the rest where others changed something since."""

    rest = serializers.BooleanField(required=False, default=False)


class HistoryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Change sets: bulk edits, imports, deletions and merges, which can be undone for 30 days."""

    key_group = "history"
    queryset = ChangeSet.objects.none()
    serializer_class = ChangeSetSerializer
    filterset_class = HistoryFilter
    lookup_value_converter = "uuid"

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeSet.objects.visible_to(self.actor).order_by("-created_at", "-pk")

    @extend_schema(responses=ChangeSerializer(many=True))
    @action(detail=True, methods=["get"], filter_backends=())
    def changes(self, request: Request, pk: Any) -> Response:
        """List what was changed on each record the caller may see."""
        the_set = self.get_object()
        seen = Change.objects.none()
        for name in the_set.changes.order_by().values_list("record_type", flat=True).distinct():
            if (known := record_type_named(name)) is not None:
                rows: Any = known.model._default_manager.all()
                mine = rows.visible_to(self.actor).order_by().values("pk")
                seen = seen | the_set.changes.filter(record_type=name, record_id__in=mine)
        paginator = Pages()
        page = paginator.paginate_queryset(seen.order_by("pk"), request)
        said = ChangeSerializer(page, many=True, context={"actor": self.actor}).data
        return paginator.get_paginated_response(said)

    @extend_schema(
        request=UndoSerializer, responses={200: ChangeSetSerializer, 202: ChangeSetSerializer}
    )
    @action(detail=True, methods=["post"], filter_backends=(), pagination_class=None)
    def undo(self, request: Request, pk: Any) -> Response:
        """Take the change set back; refused with what others changed since, unless `rest` is true."""
        serializer = UndoSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        the_set = self.get_object()
        authorize(self.actor, UNDO, the_set)
        if not serializer.validated_data["rest"] and (found := conflicts_told(the_set, self.actor)):
            raise UndoConflicts(found)
        undo = begin_undo(the_set, actor=self.actor, at=now())
        return answer_of(do_now_or_later(undo), request)
