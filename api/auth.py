"""Who is calling: a program with a key, or a member's own browser."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.keys.grants import READ, WRITE
from api.keys.models import ApiKey
from api.secrets import KEY
from core.errors import OperationError
from core.prepared import Prepared, ask_together, given
from core.secret_hashes import hash_of
from tenants.members.networks import client_address, refuse_outside
from tenants.members.second_factors import (
    POLICY,
    has_second_factor,
    refuse_overdue,
    with_policy,
)

SAFE = ("GET", "HEAD", "OPTIONS")
BEARER = b"bearer"
# Asked by every call.
KEY_WITH_MEMBER = Prepared(
    lambda: (
        ApiKey.objects.filter(given("keys_apikey.secret_hash = %s"))
        .select_related("user__role")
        .annotate(has_second_factor=has_second_factor("user_id"))
    )
)


class NeedsTls(OperationError):
    code = "needs_tls"
    message = _("Secrets are taken over https alone. Whoever saw this one may use it: renew it.")
    status = 403


class OutsideNetworksOfKey(OperationError):
    code = "outside_networks_of_key"
    message = _("This API key works from certain addresses only. This is none of them.")
    status = 403


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`. A key opens the workspace it was made in and no other."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != BEARER:
            return None
        refuse_plain_http(request)
        at = datetime.now(UTC)
        key = _find(secret.decode("latin-1").strip(), at)
        refuse_outside(key.user, request)
        if not key.lets_in(client_address(request)):
            raise OutsideNetworksOfKey
        refuse_overdue(key.user, at)
        request._request.actor = key.as_actor()
        # Until the request ends: "this week" in a filter means the member's.
        timezone.activate(ZoneInfo(key.user.time_zone))
        _note_use(key, at)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def refuse_plain_http(request: Request) -> None:
    """Refuse a secret that anybody on the way could read; leading the program on would hide that."""
    if settings.SECURE_SSL_REDIRECT and not request._request.is_secure():
        raise NeedsTls


def _find(secret: str, at: datetime) -> ApiKey:
    key = _stored(secret) if KEY.is_of_this_workspace(secret) else None
    if key is None or not key.is_usable(at) or not key.user.is_active:
        raise AuthenticationFailed(_("This API key is not valid here."), code="invalid_key")
    return key


def _stored(secret: str) -> ApiKey | None:
    keys, policies = ask_together([(KEY_WITH_MEMBER, [hash_of(secret)]), (POLICY, [])])
    for key in keys:
        with_policy(key.user, policies, is_protected=key.has_second_factor)
        return key
    return None


def _note_use(key: ApiKey, at: datetime) -> None:
    if key.needs_noting(at):
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at)


class MemberSessionAuthentication(SessionAuthentication):
    """The session of a logged-in member, with the CSRF token a page of ours holds."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        found = super().authenticate(request)
        if found is not None:
            refuse_outside(found[0], request)
            refuse_overdue(found[0], datetime.now(UTC))
        return found


class IsActing(BasePermission):
    """Somebody is acting: a member or a key. What they may do, operations and querysets decide.

    A view's `key_group` is the part of the product a limited key has to be let into besides.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        group, user = getattr(view, "key_group", ""), request.user
        return user is not None and (not group or is_let_into(group, request))


def is_let_into(group: str, request: Request) -> bool:
    """Return whether the key, where the caller uses one, lets into this part of the product."""
    key: Any = request.auth
    return key is None or key.opens(group, READ if request.method in SAFE else WRITE)


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How API documents describe keys."""

    target_class = "api.auth.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    """How API documents describe the browser's session."""

    target_class = "api.auth.MemberSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "__Host-sid"}
