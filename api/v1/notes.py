"""Notes in the API."""

from typing import Any

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.attached import OF_RECORD, AttachedViewSet
from api.strict import StrictSerializer
from crm.notes.models import LONGEST, Note
from crm.notes.operations import add_note, change_note, delete_note, pin_note, restore_note


class NoteSerializer(StrictSerializer):
    """A note. `html` is cleaned; a member is mentioned by `<span data-mention="id">`."""

    id = serializers.UUIDField(read_only=True)
    record_type = serializers.CharField(max_length=40)
    record_id = serializers.UUIDField()
    html = serializers.CharField(max_length=LONGEST)
    text = serializers.CharField(read_only=True)
    author = serializers.CharField(source="author_label", read_only=True)
    mentions = serializers.ListField(child=serializers.UUIDField(), read_only=True)
    is_pinned = serializers.BooleanField(required=False)
    created_at = serializers.DateTimeField(read_only=True)
    edited_at = serializers.DateTimeField(read_only=True, allow_null=True)


class NoteChangeSerializer(StrictSerializer):
    """What of a note can be changed."""

    html = serializers.CharField(max_length=LONGEST, required=False)
    is_pinned = serializers.BooleanField(required=False)


class NoteViewSet(AttachedViewSet):
    """Notes on records."""

    key_group = "notes"
    attached = Note
    queryset = Note.objects.none()
    serializer_class = NoteSerializer

    @extend_schema(parameters=OF_RECORD)
    def list(self, request: Request) -> Response:
        rows = self.of_record(self.get_queryset().present(), request)
        page = self.paginate_queryset(rows.order_by("-is_pinned", "-created_at", "-pk"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)

    def create(self, request: Request) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = dict(asked.validated_data)
        note = add_note(self.record(values), actor=self.actor, **values)
        return Response(self.get_serializer(note).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=NoteChangeSerializer, responses=NoteSerializer)
    def partial_update(self, request: Request, pk: Any) -> Response:
        asked = NoteChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        note, values = self.get_object(), asked.validated_data
        if "html" in values:
            note = change_note(note, html=values["html"], actor=self.actor, at=now())
        if "is_pinned" in values:
            note = pin_note(note, is_pinned=values["is_pinned"], actor=self.actor)
        return Response(self.get_serializer(note).data)

    def destroy(self, request: Request, pk: Any) -> Response:
        delete_note(self.get_deleted_too(), actor=self.actor, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=NoteSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: Any) -> Response:
        """Bring a deleted note back, within thirty days."""
        note = restore_note(self.get_deleted_too(), actor=self.actor)
        return Response(self.get_serializer(note).data)
