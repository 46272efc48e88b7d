"""Who is calling: a provider with this workspace's token, and nobody else."""

from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from api.auth import refuse_plain_http
from api.scim.models import ScimToken
from api.secrets import SCIM_TOKEN
from core.secret_hashes import hash_of

BEARER = b"bearer"


class ScimAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>`. A token opens the workspace it was made in and no other."""

    def authenticate(self, request: Request) -> tuple[None, ScimToken] | None:
        scheme, _space, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != BEARER:
            return None
        refuse_plain_http(request)
        at = datetime.now(UTC)
        token = _stored(secret.decode("latin-1").strip())
        if token is None or not token.is_usable(at):
            raise AuthenticationFailed(_("This token is not valid here."))
        request._request.actor = token.as_actor()
        if token.needs_noting(at):
            ScimToken.objects.filter(pk=token.pk).update(last_used_at=at)
        return None, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _stored(secret: str) -> ScimToken | None:
    if not SCIM_TOKEN.is_of_this_workspace(secret):
        return None
    found: ScimToken | None = ScimToken.objects.filter(secret_hash=hash_of(secret)).first()
    return found


class IsProvider(BasePermission):
    """The token was this workspace's; members' sessions and keys are none."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, ScimToken)
