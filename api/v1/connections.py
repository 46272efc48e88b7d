"""Connections to the providers members sign in through, in the API."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.settings import SettingsViewSet
from api.strict import StrictSerializer
from api.v1.members import RoleField
from core.access import authorize
from tenants.members.permissions import CHANGE_SECURITY
from tenants.sso.models import MOST_DOMAINS, Connection
from tenants.sso.operations.connections import (
    create_connection,
    delete_connection,
    switch_connection,
    update_connection,
)

OIDC, SAML = Connection.Protocol
# What is said of a provider depends on how it speaks.
FOREIGN = {
    OIDC: ("metadata_url", "metadata", "is_unasked_allowed"),
    SAML: ("issuer", "client_id", "secret"),
}
# What the provider has to be told, by the names it has for it.
ADDRESSES: Mapping[str, Mapping[str, str]] = {
    OIDC: {"callback": "callback_url"},
    SAML: {"acs": "acs_url", "entity_id": "entity_id"},
}


class SwitchSerializer(StrictSerializer):
    """Whether people may sign in through the connection."""

    is_on = serializers.BooleanField()


class ConnectionSerializer(serializers.Serializer):
    """A connection; never its secret. `addresses` are those the provider has to be told.

    A person tests it in a browser at `test_address`; before a test has worked it cannot be
    switched on. `reach` says whom it lets in: nobody with more rights than whoever set it up.
    """

    id = serializers.UUIDField()
    protocol = serializers.ChoiceField(choices=Connection.Protocol.values)
    name = serializers.CharField()
    is_on = serializers.BooleanField()
    reach = serializers.SerializerMethodField()
    tested_at = serializers.DateTimeField(allow_null=True)
    test_address = serializers.SerializerMethodField()
    addresses = serializers.SerializerMethodField()
    issuer = serializers.CharField()
    client_id = serializers.CharField()
    has_secret = serializers.SerializerMethodField()
    metadata_url = serializers.CharField()
    is_unasked_allowed = serializers.BooleanField()
    makes_members = serializers.BooleanField()
    default_role = serializers.UUIDField(source="default_role_id", allow_null=True)
    trusted_domains = serializers.ListField(child=serializers.CharField())
    has_second_factor = serializers.BooleanField()
    email_claim = serializers.CharField()
    given_name_claim = serializers.CharField()
    family_name_claim = serializers.CharField()
    groups_claim = serializers.CharField()
    created_at = serializers.DateTimeField()

    def get_reach(self, connection: Connection) -> str:
        return Connection.Reach(connection.reach).name.lower()

    def get_test_address(self, connection: Connection) -> str:
        return connection.address("test")

    def get_addresses(self, connection: Connection) -> dict[str, str]:
        wanted = ADDRESSES[connection.protocol]
        return {name: getattr(connection, place) for name, place in wanted.items()}

    def get_has_secret(self, connection: Connection) -> bool:
        return bool(connection.sealed_secret)


class ConnectionChangeSerializer(StrictSerializer):
    """What of a connection can be changed. `metadata_url` is read at once, and again whenever it is sent."""

    name = serializers.CharField(max_length=80, required=False)
    issuer = serializers.CharField(max_length=500, required=False, help_text="OIDC.")
    client_id = serializers.CharField(max_length=500, required=False, help_text="OIDC.")
    secret = serializers.CharField(
        max_length=1_000, required=False, write_only=True, help_text="OIDC. Never told again."
    )
    metadata_url = serializers.CharField(max_length=500, required=False, help_text="SAML.")
    metadata = serializers.CharField(
        max_length=1_000_000,
        required=False,
        write_only=True,
        help_text="SAML, in place of its address.",
    )
    is_unasked_allowed = serializers.BooleanField(
        required=False, help_text="SAML: people may start at the provider."
    )
    makes_members = serializers.BooleanField(required=False)
    default_role = RoleField(
        required=False,
        allow_null=True,
        help_text="Without it, whom no rule gives a role stays out.",
    )
    trusted_domains = serializers.ListField(
        child=serializers.CharField(max_length=253), max_length=MOST_DOMAINS, required=False
    )
    has_second_factor = serializers.BooleanField(required=False)
    email_claim = serializers.CharField(max_length=200, required=False, allow_blank=True)
    given_name_claim = serializers.CharField(max_length=200, required=False, allow_blank=True)
    family_name_claim = serializers.CharField(max_length=200, required=False, allow_blank=True)
    groups_claim = serializers.CharField(max_length=200, required=False, allow_blank=True)


class NewConnectionSerializer(ConnectionChangeSerializer):
    """A new connection: an OpenID Connect provider by its issuer, or a SAML one by its metadata."""

    protocol = serializers.ChoiceField(choices=Connection.Protocol.values)
    name = serializers.CharField(max_length=80)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["protocol"] == Connection.Protocol.OIDC:
            missing = [name for name in ("issuer", "client_id") if name not in attrs]
        else:
            missing = [] if attrs.keys() & {"metadata", "metadata_url"} else ["metadata_url"]
        if missing:
            message = _("This field is required.")
            raise serializers.ValidationError({name: [message] for name in missing})
        return attrs


class ConnectionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingsViewSet):
    """The providers members sign in through."""

    key_group = "members"
    queryset = Connection.objects.none()
    serializer_class = ConnectionSerializer
    read_by = (CHANGE_SECURITY,)
    dangerous = ("create", "partial_update", "destroy", "switch")

    def rows(self) -> QuerySet[Any]:
        return Connection.objects.order_by("name", "pk")

    @extend_schema(request=NewConnectionSerializer, responses={201: ConnectionSerializer})
    def create(self, request: Request) -> Response:
        """Make a connection. Nobody signs in through it until it was tested and switched on."""
        authorize(self.actor, CHANGE_SECURITY)
        said = self.asked(NewConnectionSerializer)
        protocol = said.pop("protocol")
        _refuse_foreign(said, protocol)
        made = create_connection(protocol, values=said, actor=self.actor)
        return self.said(made, status=status.HTTP_201_CREATED)

    @extend_schema(request=ConnectionChangeSerializer, responses=ConnectionSerializer)
    def partial_update(self, request: Request, pk: Any) -> Response:
        """Change a connection. Another issuer, secret or certificate has to be tested anew."""
        found = self.get_object()
        changes = self.asked(ConnectionChangeSerializer, partial=True)
        _refuse_foreign(changes, found.protocol)
        return self.said(update_connection(found, changes=changes, actor=self.actor))

    def destroy(self, request: Request, pk: Any) -> Response:
        """Delete a connection; its members stay. The last one stays while passwords are closed."""
        delete_connection(self.get_object(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=SwitchSerializer, responses=ConnectionSerializer)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: Any) -> Response:
        """Offer a connection that was tested on the sign-in page, or no longer."""
        found, is_on = self.get_object(), self.asked(SwitchSerializer)["is_on"]
        return self.said(switch_connection(found, is_on=is_on, actor=self.actor))


def _refuse_foreign(said: Mapping[str, Any], protocol: str) -> None:
    """Refuse what connections of this kind do not have, instead of keeping it for nothing."""
    if foreign := [name for name in FOREIGN[Connection.Protocol(protocol)] if name in said]:
        message = _("Connections of this kind do not have this.")
        raise serializers.ValidationError({name: [message] for name in foreign})
