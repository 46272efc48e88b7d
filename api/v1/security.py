"""What the workspace demands of those who sign in, in the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.settings import SettingsViewSet
from api.strict import StrictSerializer
from api.v1.members import RoleField
from core.access import authorize
from tenants.members.models import LoginPolicy, Role
from tenants.members.models.policies import (
    IDLE_MINUTES,
    LASTING_HOURS,
    LONGEST_MINIMUM,
    MOST_NETWORKS,
    SHORTEST_PASSWORD,
)
from tenants.members.networks import client_address
from tenants.members.operations.policies import change_login_policy, require_second_factor
from tenants.members.permissions import CHANGE_SECURITY


class SecurityPolicySerializer(StrictSerializer):
    """What holds for everybody who signs in. `roles` are those whose members need a second factor."""

    needs_second_factor = serializers.BooleanField(required=False)
    roles = RoleField(many=True, required=False)
    grace_days = serializers.IntegerField(min_value=0, max_value=90, required=False)
    idle_minutes = serializers.ChoiceField(choices=IDLE_MINUTES, required=False)
    lasting_hours = serializers.ChoiceField(choices=LASTING_HOURS, required=False)
    password_length = serializers.IntegerField(
        min_value=SHORTEST_PASSWORD, max_value=LONGEST_MINIMUM, required=False
    )
    networks = serializers.ListField(
        child=serializers.CharField(max_length=43), max_length=MOST_NETWORKS, required=False
    )

    def to_representation(self, instance: LoginPolicy) -> dict[str, Any]:
        plain = [str(name) for name in self.fields if name != "roles"]
        needing = Role.objects.in_order().exclude(second_factor_since=None)
        return {
            **{name: getattr(instance, name) for name in plain},
            "roles": [role.pk for role in needing],
        }


class SecurityPolicyViewSet(SettingsViewSet):
    """The workspace’s one sign-in policy."""

    key_group = "members"
    queryset = LoginPolicy.objects.none()
    serializer_class = SecurityPolicySerializer
    dangerous = ("partial_update",)

    def rows(self) -> QuerySet[Any]:
        return LoginPolicy.objects.all()

    @extend_schema(responses=SecurityPolicySerializer)
    def retrieve(self, request: Request) -> Response:
        authorize(self.actor, CHANGE_SECURITY)
        return Response(self.get_serializer(LoginPolicy.objects.current()).data)

    @extend_schema(request=SecurityPolicySerializer, responses=SecurityPolicySerializer)
    def partial_update(self, request: Request) -> Response:
        """Change the policy; `networks` and `roles` take the place of all there were. It refuses networks without the caller’s own address."""
        changes, at = self.asked(partial=True), now()
        roles = changes.pop("roles", None)
        change_login_policy(
            changes=changes, address=client_address(request), actor=self.actor, at=at
        )
        if roles is not None:
            require_second_factor({role.pk for role in roles}, actor=self.actor, at=at)
        return self.retrieve(request)
