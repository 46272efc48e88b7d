"""Service accounts in the API: programs with a role, teams and keys, and no log-in."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.settings import SettingsViewSet
from api.strict import StrictSerializer
from api.v1.members import MemberField, RoleField, TeamField
from core.access import authorize
from tenants.members.models import User
from tenants.members.operations.leaving import deactivate_member, reactivate_member
from tenants.members.operations.service_accounts import (
    create_service_account,
    update_service_account,
)
from tenants.members.permissions import MANAGE_SERVICE_ACCOUNTS


class ServiceAccountSerializer(StrictSerializer):
    """A service account."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(max_length=80)
    role = RoleField()
    teams = TeamField(many=True, required=False)
    is_active = serializers.BooleanField(read_only=True)
    created_at = serializers.DateTimeField(source="joined_at", read_only=True)


class LeavingSerializer(StrictSerializer):
    """Who gets the records of an account that ends; nobody leaves them where they are."""

    successor = MemberField(required=False, allow_null=True)


class ServiceAccountViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingsViewSet):
    """For those who manage service accounts."""

    key_group = "members"
    queryset = User.objects.none()
    serializer_class = ServiceAccountSerializer
    read_by = (MANAGE_SERVICE_ACCOUNTS,)
    dangerous = ("create", "partial_update", "deactivate", "reactivate")

    def rows(self) -> QuerySet[Any]:
        accounts = User.objects.filter(is_service=True).select_related("role")
        return accounts.prefetch_related("teams").order_by("joined_at", "pk")

    def create(self, request: Request) -> Response:
        authorize(self.actor, MANAGE_SERVICE_ACCOUNTS)
        values = self.asked()
        language = request._request.workspace.language
        account = create_service_account(actor=self.actor, language=language, **values)
        return self.said(account, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: Any) -> Response:
        found, changes = self.get_object(), self.asked(partial=True)
        return self.said(update_service_account(found, actor=self.actor, **changes))

    @extend_schema(request=LeavingSerializer, responses=ServiceAccountSerializer)
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, pk: Any) -> Response:
        """End the account and its keys at once, and hand what it owns to somebody."""
        successor = self.asked(LeavingSerializer).get("successor")
        account = self.get_object()
        return self.said(deactivate_member(account, successor=successor, actor=self.actor))

    @extend_schema(request=None, responses=ServiceAccountSerializer)
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, pk: Any) -> Response:
        """Let the account have keys again; those that ended stay ended."""
        return self.said(reactivate_member(self.get_object(), actor=self.actor))
