"""Everything that can be done to an API key."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now

from api.keys.models import ApiKey
from api.keys.secrets import hash_of, hint_of, new_secret
from core.access import authorize
from core.actors import Actor
from core.events.bus import emit
from tenants.members.leaving import on_leaving
from tenants.members.models import User


@transaction.atomic
def create_key(
    *, actor: Actor, name: str, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Return a new key of the actor's and its secret, which is told this once."""
    authorize(actor, "keys.add_key")
    # A key that could make keys would outlive its own revocation.
    if actor.kind != "member" or actor.user_id is None:
        raise PermissionDenied("keys.add_key")
    secret = new_secret()
    key = ApiKey(
        name=name,
        user_id=actor.user_id,
        secret_hash=hash_of(secret),
        hint=hint_of(secret),
        expires_at=expires_at,
    )
    key.clean_fields(exclude=["user"])
    key.save(force_insert=True)
    emit("key.created", key, actor=actor)
    return key, secret


@transaction.atomic
def revoke_key(key: ApiKey, *, actor: Actor, at: datetime) -> ApiKey:
    """Return the key, which opens nothing from now on."""
    key = ApiKey.objects.lock(key.pk)
    authorize(actor, "keys.revoke_key", key)
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        emit("key.revoked", key, actor=actor)
    return key


@on_leaving
def revoke_keys_of(member: User, successor: User | None, *, actor: Actor) -> None:
    """End every key of a member who leaves: what it opened is nobody's any more."""
    for key in ApiKey.objects.select_for_update().filter(user=member, revoked_at=None):
        key.revoked_at = now()
        key.save(update_fields=["revoked_at"])
        emit("key.revoked", key, actor=actor)
