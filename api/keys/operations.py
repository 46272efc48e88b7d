"""Everything that can be done to an API key."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from api.keys.grants import check_grants
from api.keys.models import ApiKey
from api.keys.permissions import ADD_KEY, REVOKE_KEY
from api.secrets import KEY, hint_of
from core.access import authorize
from core.acting import acts_by_key
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from core.isolation.scope import current_workspace
from core.mail import send
from core.secret_hashes import hash_of
from tenants.members.giving import refuse_beyond
from tenants.members.leaving import on_leaving
from tenants.members.models import User
from tenants.members.permissions import MANAGE_SERVICE_ACCOUNTS

MOST_KEYS = 50
LONGEST_OVERLAP = timedelta(days=7)
CHANGEABLE = ("name", "networks")


class TooManyKeys(OperationError):
    code = "too_many_keys"
    message = _("There are 50 keys already. Revoke one that is not needed any more.")


class KeyIsOver(OperationError):
    code = "key_is_over"
    message = _("This key was revoked, replaced or has expired. Make a new one.")


@transaction.atomic
def create_key(
    *,
    actor: Actor,
    name: str,
    expires_at: datetime | None = None,
    holder: User | None = None,
    grants: Collection[str] | None = None,
    networks: Collection[str] = (),
) -> tuple[ApiKey, str]:
    """Return a new key and its secret, which is told this once.

    It is the actor's own, or a service account's. Without grants it may do what its holder may.
    """
    maker = _person(actor)
    authorize(actor, ADD_KEY)
    holder = User.objects.lock(maker.pk if holder is None else holder.pk)
    if holder.pk != maker.pk:
        _refuse_others(holder, actor)
    if ApiKey.objects.usable(at=now()).filter(user=holder).count() >= MOST_KEYS:
        raise TooManyKeys
    key, secret = _made(
        name=name,
        user=holder,
        created_by=maker,
        expires_at=expires_at,
        grants=None if grants is None else check_grants(grants),
        networks=list(networks),
    )
    emit("key.created", key, actor=actor)
    _tell(key, maker, change="made")
    return key, secret


@transaction.atomic
def rotate_key(
    key: ApiKey, *, overlap: timedelta, actor: Actor, at: datetime
) -> tuple[ApiKey, str]:
    """Return a key in this one's place and its secret; this one works on for the overlap.

    The new one may do the same, from the same addresses, for as long as this one was made for.
    """
    maker = _person(actor)
    key = _held(key)
    authorize(actor, ADD_KEY, key)
    if not key.is_usable(at) or key.successor_id is not None:
        raise KeyIsOver
    if not timedelta() <= overlap <= LONGEST_OVERLAP:
        raise ValidationError({"overlap_hours": _("The old key works 0 to 168 hours longer.")})
    if key.user_id != maker.pk:
        _refuse_others(key.user, actor)
    fresh, secret = _made(
        name=key.name,
        user=key.user,
        created_by=maker,
        expires_at=at + (key.expires_at - key.created_at) if key.expires_at else None,
        grants=key.grants,
        networks=key.networks,
    )
    key.successor = fresh
    key.expires_at = min(at + overlap, key.expires_at or at + overlap)
    key.save(update_fields=["successor", "expires_at"])
    emit("key.rotated", key, actor=actor, successor=str(fresh.pk))
    _tell(fresh, maker, change="rotated")
    return fresh, secret


@transaction.atomic
def update_key(key: ApiKey, *, changes: Mapping[str, Any], actor: Actor) -> ApiKey:
    """Change a key's name or the addresses it works from; what it may do stays as it was made.

    It takes what making it takes: whoever finds a key does not make it work from where they are.
    """
    changer = _person(actor)
    key = _held(key)
    authorize(actor, ADD_KEY, key)
    if key.user_id != changer.pk:
        _refuse_others(key.user, actor)
    fields = [
        each for each in CHANGEABLE if each in changes and getattr(key, each) != changes[each]
    ]
    for each in fields:
        setattr(key, each, changes[each])
    key.clean_fields(exclude=["user", "created_by", "successor"])
    if fields:
        key.save(update_fields=fields)
        emit("key.updated", key, actor=actor, fields=sorted(fields))
    return key


@transaction.atomic
def revoke_key(key: ApiKey, *, actor: Actor, at: datetime) -> ApiKey:
    """Return the key, which opens nothing from now on."""
    key = _held(key)
    authorize(actor, REVOKE_KEY, key)
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


@acts_by_key
def actor_of_key(key_id: UUID) -> Actor | None:
    """Return who acts through a key in a job it began: while it is not revoked, even if it expired since."""
    key = ApiKey.objects.select_related("user__role").filter(pk=key_id, revoked_at=None).first()
    return key.as_actor() if key and key.user.is_active else None


def _person(actor: Actor) -> User:
    """Return the member acting. A key that could make or change keys would outlive its own limits."""
    if actor.kind != "member" or actor.user_id is None:
        raise PermissionDenied(ADD_KEY)
    return User.objects.get(pk=str(actor.user_id))


def _refuse_others(holder: User, actor: Actor) -> None:
    """Refuse keys of anybody else but a service account whose rights the actor has themselves."""
    authorize(actor, MANAGE_SERVICE_ACCOUNTS)
    if not holder.is_service or not holder.is_active:
        raise PermissionDenied(ADD_KEY)
    refuse_beyond(holder.role, actor=actor)


def _held(key: ApiKey) -> ApiKey:
    return ApiKey.objects.select_related("user__role").lock(key.pk)


def _made(**values: Any) -> tuple[ApiKey, str]:
    secret = KEY.new()
    key = ApiKey(secret_hash=hash_of(secret), hint=hint_of(secret), **values)
    key.clean_fields(exclude=["user", "created_by", "successor"])
    key.save(force_insert=True)
    return key, secret


def _tell(key: ApiKey, maker: User, *, change: str) -> None:
    """Mail whoever answers for the key that it was made: its holder, or for a program who made it."""
    to = maker if key.user.is_service else key.user
    context = {"change": change, "key": key, "workspace": current_workspace()}
    send("key_made", to=to.email, language=to.language, context=context)
