"""Who sees a record and with whom it is shared, in the API."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.strict import StrictSerializer
from crm.sharing.explaining import access_to
from crm.sharing.operations import end_share, share_record
from tenants.members.models import RecordShare, Team, User


class RecipientSerializer(StrictSerializer):
    """One member or one team to whom something goes."""

    id = serializers.UUIDField(read_only=True)
    member = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.none(), source="user", required=False, allow_null=True
    )
    team = serializers.PrimaryKeyRelatedField(
        queryset=Team.objects.none(), required=False, allow_null=True
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        fields["member"].queryset = User.objects.filter(is_active=True)
        fields["team"].queryset = Team.objects.all()
        return fields


class ShareSerializer(RecipientSerializer):
    """A record shared with a member or with a team."""

    level = serializers.ChoiceField(choices=RecordShare.Level.choices)


class AccessSerializer(serializers.Serializer):
    """One member who sees the record: why, and why they may change it, in words.

    `fields` names those they do not both see and change: read, masked or hidden.
    """

    member = serializers.UUIDField(source="member.pk")
    name = serializers.CharField(source="member.name")
    view = serializers.ListField(child=serializers.CharField())
    change = serializers.ListField(child=serializers.CharField())
    fields_narrowed = serializers.DictField(child=serializers.CharField(), source="fields")


class SharedRecord:
    """Actions every record type has: who sees one record, and sharing it."""

    record_type: Any
    get_object: Any
    actor: Any

    @extend_schema(responses=AccessSerializer(many=True))
    @action(detail=True, filter_backends=(), pagination_class=None)
    def access(self, request: Request, pk: Any) -> Response:
        """Everybody who sees the record, and why."""
        return Response(AccessSerializer(access_to(self.get_object()), many=True).data)

    @extend_schema(responses=ShareSerializer(many=True))
    @action(detail=True, filter_backends=(), pagination_class=None)
    def shares(self, request: Request, pk: Any) -> Response:
        """With whom the record is shared."""
        rows = self._shares(self.get_object()).order_by("created_at", "pk")
        return Response(ShareSerializer(rows, many=True).data)

    @extend_schema(request=ShareSerializer, responses={201: ShareSerializer})
    @shares.mapping.post
    def share(self, request: Request, pk: Any) -> Response:
        """Share the record with a member or a team; again with the same, the new level counts."""
        record = self.get_object()
        asked = ShareSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        shared = share_record(
            record,
            member=values.get("user"),
            team=values.get("team"),
            level=values["level"],
            actor=self.actor,
        )
        return Response(ShareSerializer(shared).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("share", UUID, OpenApiParameter.PATH)], responses={204: None}
    )
    @action(detail=True, methods=["delete"], url_path="shares/<uuid:share>")
    def end_share(self, request: Request, pk: Any, share: UUID) -> Response:
        """End what was shared."""
        end_share(get_object_or_404(self._shares(self.get_object()), pk=share), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _shares(self, record: Any) -> Any:
        return RecordShare.objects.filter(record_type=self.record_type.name, record_id=record.pk)
