"""Files on records in the API."""

from typing import Any

from django.http import StreamingHttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.attached import OF_RECORD, AttachedViewSet
from api.parsing import BoundedJSONParser
from api.strict import StrictSerializer
from crm.files.delivery import deliver
from crm.files.models import LONGEST_NAME, Attachment
from crm.files.operations import add_file, add_version, delete_file, rename_file, restore_file


class FileVersionSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="In bytes.")
    author = serializers.CharField(source="author_label")
    created_at = serializers.DateTimeField()


class AttachmentSerializer(serializers.Serializer):
    """A file on a record, with every version it has had."""

    id = serializers.UUIDField()
    record_type = serializers.CharField()
    record_id = serializers.UUIDField()
    name = serializers.CharField()
    versions = FileVersionSerializer(many=True)


class NewFileSerializer(StrictSerializer):
    record_type = serializers.CharField(max_length=40)
    record_id = serializers.UUIDField()
    file = serializers.FileField()


class NewVersionSerializer(StrictSerializer):
    file = serializers.FileField()


class NewNameSerializer(StrictSerializer):
    name = serializers.CharField(max_length=LONGEST_NAME)


class FileViewSet(AttachedViewSet):
    """Files on records: sealed where they are kept, seen by whoever sees the record."""

    key_group = "files"
    attached = Attachment
    queryset = Attachment.objects.none()
    serializer_class = AttachmentSerializer
    parser_classes = (BoundedJSONParser, MultiPartParser)

    @extend_schema(parameters=OF_RECORD)
    def list(self, request: Request) -> Response:
        rows = self.of_record(self.get_queryset().present(), request)
        rows = rows.prefetch_related("versions").order_by("-updated_at", "-pk")
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: Any) -> Response:
        return self._said(self.get_object())

    @extend_schema(request=NewFileSerializer, responses={201: AttachmentSerializer})
    def create(self, request: Request) -> Response:
        values = self._read(NewFileSerializer)
        file = values.pop("file")
        record = self.record(values)
        kept = add_file(record, name=file.name, chunks=file.chunks(), actor=self.actor)
        return self._said(kept, status=status.HTTP_201_CREATED)

    @extend_schema(request=NewNameSerializer, responses=AttachmentSerializer)
    def partial_update(self, request: Request, pk: Any) -> Response:
        name = self._read(NewNameSerializer)["name"]
        return self._said(rename_file(self.get_object(), name=name, actor=self.actor))

    def destroy(self, request: Request, pk: Any) -> Response:
        delete_file(self.get_deleted_too(), actor=self.actor, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=NewVersionSerializer, responses={201: AttachmentSerializer})
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, pk: Any) -> Response:
        """Add a newer content; the earlier ones stay."""
        file = self._read(NewVersionSerializer)["file"]
        kept = add_version(self.get_object(), chunks=file.chunks(), actor=self.actor)
        return self._said(kept, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("version", int, description="Without it, the newest.")],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
    )
    @action(detail=True)
    def content(self, request: Request, pk: Any) -> StreamingHttpResponse:
        """The file itself."""
        asked = request.query_params.get("version", "")
        number = int(asked) if asked.isascii() and asked.isdigit() else 0
        delivery = deliver(self.get_object(), number)
        if delivery is None:
            raise NotFound(_("There is no such record."))
        return StreamingHttpResponse(delivery.content, headers=delivery.headers)

    @extend_schema(request=None, responses=AttachmentSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: Any) -> Response:
        """Bring a deleted file back, within thirty days."""
        return self._said(restore_file(self.get_deleted_too(), actor=self.actor))

    def _read(self, kind: type[StrictSerializer]) -> dict[str, Any]:
        asked = kind(data=self.request.data)
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)

    def _said(self, attachment: Attachment, *, status: int = 200) -> Response:
        return Response(self.get_serializer(attachment).data, status=status)
