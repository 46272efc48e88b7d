"""API keys in the API: a program may look at and end them; making one takes a member who has just logged in."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.keys.models import MOST_NETWORKS, ApiKey
from api.keys.operations import create_key, revoke_key, rotate_key, update_key
from api.settings import SettingsViewSet
from api.strict import StrictSerializer
from tenants.members.models import User

LONGEST_OVERLAP_HOURS = 168


class ApiKeySerializer(StrictSerializer):
    """A key. `grants` names permissions, such as `customers.view_contact:team`, or groups, such as `contacts:read`; null is everything the holder may do."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=80)
    holder = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.none(),
        source="user",
        required=False,
        help_text="A service account; left out, the key is one’s own.",
    )
    hint = serializers.CharField(read_only=True)
    grants = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, allow_null=True, max_length=60
    )
    networks = serializers.ListField(
        child=serializers.CharField(max_length=43), required=False, max_length=MOST_NETWORKS
    )
    created_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    revoked_at = serializers.DateTimeField(read_only=True, allow_null=True)
    last_used_at = serializers.DateTimeField(read_only=True, allow_null=True)
    successor = serializers.UUIDField(source="successor_id", read_only=True, allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        fields["holder"].queryset = User.objects.filter(is_active=True, is_service=True)
        return fields


class ApiKeyChangeSerializer(StrictSerializer):
    """What of a key can be changed."""

    name = serializers.CharField(max_length=80, required=False)
    networks = serializers.ListField(
        child=serializers.CharField(max_length=43), required=False, max_length=MOST_NETWORKS
    )


class OverlapSerializer(StrictSerializer):
    """How long the old key works on."""

    overlap_hours = serializers.IntegerField(min_value=0, max_value=LONGEST_OVERLAP_HOURS)


class MadeKeySerializer(ApiKeySerializer):
    """A new key with its secret, which is told this once."""

    secret = serializers.CharField(read_only=True)


class ApiKeyViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingsViewSet):
    """The caller’s own keys; those of service accounts, or everybody’s, for whoever manages them."""

    key_group = "keys"
    queryset = ApiKey.objects.none()
    serializer_class = ApiKeySerializer
    dangerous = ("create", "partial_update", "rotate")

    def rows(self) -> QuerySet[Any]:
        keys = ApiKey.objects.visible_to(self.actor).select_related("user__role")
        return keys.order_by("-created_at", "pk")

    @extend_schema(responses={201: MadeKeySerializer})
    def create(self, request: Request) -> Response:
        """Make a key. Not for keys: a member’s session, and a log-in of the last ten minutes."""
        values = self.asked()
        key, secret = create_key(actor=self.actor, holder=values.pop("user", None), **values)
        return self._made(key, secret)

    @extend_schema(request=ApiKeyChangeSerializer, responses=ApiKeySerializer)
    def partial_update(self, request: Request, pk: Any) -> Response:
        """Change a key’s name or addresses. Not for keys."""
        changes = self.asked(ApiKeyChangeSerializer)
        return self.said(update_key(self.get_object(), changes=changes, actor=self.actor))

    def destroy(self, request: Request, pk: Any) -> Response:
        """Revoke the key; it stays in the list."""
        revoke_key(self.get_object(), actor=self.actor, at=now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=OverlapSerializer, responses={201: MadeKeySerializer})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: Any) -> Response:
        """Make a key in this one’s place; this one works on for the hours named. Not for keys."""
        overlap = timedelta(hours=self.asked(OverlapSerializer)["overlap_hours"])
        key, secret = rotate_key(self.get_object(), overlap=overlap, actor=self.actor, at=now())
        return self._made(key, secret)

    def _made(self, key: ApiKey, secret: str) -> Response:
        said = {**self.get_serializer(key).data, "secret": secret}
        return Response(said, status=status.HTTP_201_CREATED)
