"""Domains whose people may join by themselves, in the API."""

from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.settings import SettingsViewSet
from api.strict import StrictSerializer
from api.v1.members import RoleField, TeamField
from tenants.members.models import MailDomain
from tenants.members.operations.domains import (
    add_domain,
    check_domain,
    remove_domain,
    update_domain,
)
from tenants.members.permissions import MANAGE_MEMBERS


class DomainSerializer(serializers.Serializer):
    """A domain, the TXT record that proves it, and as what its people come in."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    record = serializers.CharField()
    role = serializers.UUIDField(source="role_id")
    teams = serializers.ListField(source="team_ids", child=serializers.UUIDField())
    checked_at = serializers.DateTimeField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)
    lapsed_at = serializers.DateTimeField(allow_null=True)


class PlaceSerializer(StrictSerializer):
    """As what people of the domain come in; never as owner or admin."""

    role = RoleField(required=False)
    teams = TeamField(many=True, required=False)


class NewDomainSerializer(StrictSerializer):
    name = serializers.CharField(max_length=253)
    role = RoleField()
    teams = TeamField(many=True, required=False)


class DomainViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingsViewSet):
    """Domains whose people may join by themselves once a DNS record proves them."""

    key_group = "members"
    queryset = MailDomain.objects.none()
    serializer_class = DomainSerializer
    read_by = (MANAGE_MEMBERS,)
    dangerous = ("create", "partial_update", "destroy")

    def rows(self) -> QuerySet[Any]:
        return MailDomain.objects.select_related("role").order_by("name")

    @extend_schema(request=NewDomainSerializer, responses={201: DomainSerializer})
    def create(self, request: Request) -> Response:
        said = self.asked(NewDomainSerializer)
        domain = add_domain(said.pop("name"), actor=self.actor, **said)
        return self.said(domain, status=status.HTTP_201_CREATED)

    @extend_schema(request=PlaceSerializer, responses=DomainSerializer)
    def partial_update(self, request: Request, pk: Any) -> Response:
        changes = self.asked(PlaceSerializer)
        return self.said(update_domain(self.get_object(), actor=self.actor, **changes))

    def destroy(self, request: Request, pk: Any) -> Response:
        remove_domain(self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=DomainSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: Any) -> Response:
        """Look for the record now."""
        return self.said(check_domain(self.get_object(), actor=self.actor, at=now()))
