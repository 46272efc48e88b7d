"""Tokens that log one member in once, within a minute: the step from the public host inside."""

import secrets
from datetime import datetime, timedelta

from core.secret_hashes import hash_of
from tenants.members.models import LoginToken, User
from tenants.members.second_factors import is_protected_now

LIFETIME = timedelta(seconds=60)


def issue_login_token(user: User, *, at: datetime) -> str:
    """Return a secret that `redeem_login_token` accepts once, in this workspace alone."""
    secret = secrets.token_urlsafe(32)
    LoginToken.objects.create(user=user, token_hash=hash_of(secret), expires_at=at + LIFETIME)
    return secret


def redeem_login_token(secret: str, *, at: datetime) -> User | None:
    """Return the member the secret logs in, and spend it; None when it is not worth anything.

    It is one step, so it is worth nothing to those who have a second.
    """
    token = (
        LoginToken.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(token_hash=hash_of(secret))
        .first()
    )
    if token is None:
        return None
    token.delete()
    user = token.user
    is_worth_it = at < token.expires_at and user.is_active and not is_protected_now(user)
    return user if is_worth_it else None
