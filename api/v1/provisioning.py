"""Provisioning in the API: who takes over, which roles members get, and the provider's token."""

from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from api.scim.mapping import BASE
from api.scim.models import ScimSettings, ScimTeam, ScimToken
from api.scim.operations.settings import (
    change_scim_settings,
    give_team_role,
    make_scim_token,
    revoke_scim_tokens,
)
from api.settings import SettingsViewSet
from api.strict import StrictSerializer
from api.v1.members import MemberField, RoleField, TeamField
from core.access import authorize
from core.isolation.scope import current_workspace
from tenants.members.permissions import CHANGE_SECURITY


class ScimTokenSerializer(serializers.Serializer):
    """A token of the provider's, by its last characters; without an end it works until it is renewed."""

    hint = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


class MadeScimTokenSerializer(ScimTokenSerializer):
    """A new token with its secret, which is told this once."""

    secret = serializers.CharField()


class ProvisioningSerializer(serializers.Serializer):
    """The base address the provider is told, its tokens, and what becomes of members.

    Without a default role new members are viewers; without a successor records of those who leave
    go to the owner.
    """

    address = serializers.CharField()
    default_role = serializers.UUIDField(allow_null=True)
    successor = serializers.UUIDField(allow_null=True)
    tokens = ScimTokenSerializer(many=True)


class ProvisioningChangeSerializer(StrictSerializer):
    """What becomes of members a provider makes and takes away."""

    default_role = RoleField(required=False, allow_null=True)
    successor = MemberField(required=False, allow_null=True)


class TeamRoleSerializer(StrictSerializer):
    """The role of a team's members whom the provider manages; null takes it back."""

    team = TeamField()
    role = RoleField(allow_null=True)


class ProvisioningViewSet(SettingsViewSet):
    """How the company's own provider makes, changes and closes members (SCIM 2.0)."""

    key_group = "members"
    queryset = ScimSettings.objects.none()
    serializer_class = ProvisioningSerializer
    read_by = (CHANGE_SECURITY,)
    dangerous = ("partial_update", "make_token", "revoke_tokens")

    def rows(self) -> QuerySet[Any]:
        return ScimSettings.objects.all()

    @extend_schema(responses=ProvisioningSerializer)
    def retrieve(self, request: Request) -> Response:
        known = self.get_queryset().first()
        said = {
            "address": f"{current_workspace().url}{BASE}",
            "default_role": known and known.default_role_id,
            "successor": known and known.successor_id,
            "tokens": ScimToken.objects.order_by("-created_at"),
        }
        return Response(ProvisioningSerializer(said).data)

    @extend_schema(request=ProvisioningChangeSerializer, responses=ProvisioningSerializer)
    def partial_update(self, request: Request) -> Response:
        """Say which role new members have, and who takes over the records of those who leave."""
        authorize(self.actor, CHANGE_SECURITY)
        change_scim_settings(changes=self.asked(ProvisioningChangeSerializer), actor=self.actor)
        return self.retrieve(request)

    @extend_schema(request=None, responses={201: MadeScimTokenSerializer})
    def make_token(self, request: Request) -> Response:
        """Make a token; those before work for another day. Not for keys: it takes a member’s session."""
        token, secret = make_scim_token(actor=self.actor, at=now())
        said = {**ScimTokenSerializer(token).data, "secret": secret}
        return Response(said, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def revoke_tokens(self, request: Request) -> Response:
        """Shut the provider out at once; the members it made stay as they are."""
        revoke_scim_tokens(actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TeamRoleViewSet(mixins.ListModelMixin, SettingsViewSet):
    """Which roles teams give to their members whom the provider manages; of several the first in the list of roles counts."""

    key_group = "members"
    queryset = ScimTeam.objects.none()
    serializer_class = TeamRoleSerializer
    read_by = (CHANGE_SECURITY,)
    dangerous = ("give",)

    def rows(self) -> QuerySet[Any]:
        return ScimTeam.objects.exclude(role=None).order_by("team__name", "pk")

    @extend_schema(request=TeamRoleSerializer, responses=TeamRoleSerializer)
    def give(self, request: Request) -> Response:
        """Give a team this role, or take the one it has back."""
        authorize(self.actor, CHANGE_SECURITY)
        said = self.asked()
        link = give_team_role(said["team"], role=said["role"], actor=self.actor)
        return Response(TeamRoleSerializer(link).data)
