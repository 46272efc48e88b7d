"""What the API knows around a record: its timeline, and the member's own marks on it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.auth import is_let_into
from api.strict import StrictSerializer
from core.field_rights import named_fields
from crm.bookmarks.operations import set_bookmark
from crm.records.pages.timeline import PARTS, Entry, timeline_of


class MarkSerializer(StrictSerializer):
    """A mark is set or not."""

    set = serializers.BooleanField()


class EntrySerializer(serializers.Serializer):
    """One entry of a timeline."""

    id = serializers.UUIDField()
    event = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    fields = serializers.ListField(child=serializers.CharField())
    note = serializers.UUIDField(allow_null=True)
    file = serializers.UUIDField(allow_null=True)


class TimelineSerializer(serializers.Serializer):
    """A part of a timeline; `older` leads to the part before it."""

    older = serializers.CharField()
    results = EntrySerializer(many=True)


class AroundRecord:
    """Actions every record type has, on one record."""

    record_type: Any
    get_object: Any
    actor: Any

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, enum=["notes", "files", "changes"]),
            OpenApiParameter("before", str, description="`older` of the part that follows."),
        ],
        responses=TimelineSerializer,
    )
    @action(detail=True, filter_backends=(), pagination_class=None)
    def timeline(self, request: Request, pk: Any) -> Response:
        """What happened to the record, newest first.

        A key learns of notes and files where it lets into them.
        """
        record, params = self.get_object(), request.query_params
        kind, before = params.get("kind", ""), params.get("before", "")
        closed = [part for part in PARTS if not is_let_into(part, request)]
        if kind in closed:
            raise PermissionDenied
        part = timeline_of(record, self.record_type, kind=kind, before=before, without=closed)
        said = [self._told(entry) for _month, entries in part.months for entry in entries]
        return Response({"older": part.older, "results": said})

    @extend_schema(request=MarkSerializer, responses=MarkSerializer)
    @action(detail=True, methods=["put"], serializer_class=MarkSerializer)
    def star(self, request: Request, pk: Any) -> Response:
        """Put the record among one's favourites, or take it out."""
        return self._mark(request, "star")

    @extend_schema(request=MarkSerializer, responses=MarkSerializer)
    @action(detail=True, methods=["put"], serializer_class=MarkSerializer)
    def follow(self, request: Request, pk: Any) -> Response:
        """Be told of what happens to the record, or no longer."""
        return self._mark(request, "follow")

    def _told(self, entry: Entry) -> dict[str, Any]:
        """Return the entry as JSON says it; hidden fields are not named."""
        rights = self.record_type.rights.of_type(self.record_type.name)
        return {
            "id": str(entry.event.pk),
            "event": entry.event.name,
            "at": entry.event.occurred_at,
            "actor": entry.who,
            "fields": named_fields(entry.event.payload.get("fields", []), rights),
            "note": entry.note.pk if entry.note else None,
            "file": entry.file.pk if entry.file else None,
        }

    def _mark(self, request: Request, kind: str) -> Response:
        asked = MarkSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if not is_let_into("own", request):
            raise PermissionDenied
        is_set = asked.validated_data["set"]
        set_bookmark(self.get_object(), kind=kind, is_set=is_set, actor=self.actor)
        return Response({"set": is_set})
