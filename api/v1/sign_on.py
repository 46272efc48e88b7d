"""Single sign-on in the API: whether providers are the only way in, and what their groups are here."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from api.settings import SettingsViewSet
from api.strict import StrictSerializer
from api.v1.members import RoleField, TeamField
from core.access import authorize
from tenants.members.permissions import CHANGE_SECURITY
from tenants.sso.enforcement import is_enforced
from tenants.sso.models import Connection, GroupRule, SignInRule
from tenants.sso.operations.connections import enforce_sso
from tenants.sso.operations.group_rules import add_group_rule, remove_group_rule


class SignOnSerializer(StrictSerializer):
    """Whether members sign in through a connection only."""

    is_enforced = serializers.BooleanField()


class ConnectionField(serializers.PrimaryKeyRelatedField):
    """A connection of this workspace by its id."""

    queryset = Connection.objects.none()

    def get_queryset(self) -> QuerySet[Connection]:
        return Connection.objects.all()


class GroupRuleSerializer(StrictSerializer):
    """What a group of a provider's is here: a role, a team, or both. The first role that fits counts."""

    id = serializers.UUIDField(read_only=True)
    connection = ConnectionField()
    group = serializers.CharField(source="value", max_length=300)
    role = RoleField(required=False, allow_null=True)
    team = TeamField(required=False, allow_null=True)


class SignOnViewSet(SettingsViewSet):
    """Whether members sign in through a connection only."""

    key_group = "members"
    queryset = SignInRule.objects.none()
    serializer_class = SignOnSerializer
    dangerous = ("partial_update",)

    def rows(self) -> QuerySet[Any]:
        return SignInRule.objects.all()

    @extend_schema(responses=SignOnSerializer)
    def retrieve(self, request: Request) -> Response:
        authorize(self.actor, CHANGE_SECURITY)
        return Response({"is_enforced": is_enforced()})

    @extend_schema(request=SignOnSerializer, responses=SignOnSerializer)
    def partial_update(self, request: Request) -> Response:
        """Close passwords and codes, or open them again. Closing takes a connection that is on, and an owner with a second factor."""
        enforce_sso(is_enforced=self.asked()["is_enforced"], actor=self.actor)
        return self.retrieve(request)


class GroupRuleViewSet(mixins.ListModelMixin, SettingsViewSet):
    """What groups of the providers are here."""

    key_group = "members"
    queryset = GroupRule.objects.none()
    serializer_class = GroupRuleSerializer
    read_by = (CHANGE_SECURITY,)
    dangerous = ("create", "destroy")

    def rows(self) -> QuerySet[Any]:
        return GroupRule.objects.select_related("connection").order_by("connection_id", "pk")

    @extend_schema(
        parameters=[OpenApiParameter("connection", str, description="Those of one connection.")]
    )
    def list(self, request: Request) -> Response:
        found = self.get_queryset()
        if asked := request.query_params.get("connection"):
            connection = serializers.UUIDField().run_validation(asked)
            found = found.filter(connection=connection)
        page = self.paginate_queryset(found)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def create(self, request: Request) -> Response:
        """Have a group mean a role, a team, or both; roles and teams follow at every sign-in."""
        authorize(self.actor, CHANGE_SECURITY)
        said = {"role": None, "team": None, **self.asked()}
        rule = add_group_rule(said.pop("connection"), actor=self.actor, **said)
        return self.said(rule, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: Any) -> Response:
        remove_group_rule(self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)
