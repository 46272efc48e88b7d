"""Members setting and removing their own photo."""

from functools import partial
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.actors import Actor
from core.events.bus import emit
from core.ids import new_id
from crm.photos.pictures import square_of
from crm.photos.store import PHOTOS
from tenants.members.models import User


@transaction.atomic
def set_photo(user: User, *, source: BinaryIO, actor: Actor) -> User:
    """Show colleagues this picture of a member; nobody sets another's.

    Each photo has an id of its own, so that browsers may keep it for good.
    """
    user = _own(user, actor)
    square, before = square_of(source), user.photo
    user.photo = new_id()
    try:
        PHOTOS.store(user.photo, [square])
        user.save(update_fields=["photo"])
        emit("member.updated", user, actor=actor, fields=["photo"])
    except Exception:
        PHOTOS.remove(user.photo)
        raise
    if before:
        transaction.on_commit(partial(PHOTOS.remove, before))
    return user


@transaction.atomic
def remove_photo(user: User, *, actor: Actor) -> User:
    """Show a member's initials again."""
    user = _own(user, actor)
    if user.photo:
        transaction.on_commit(partial(PHOTOS.remove, user.photo))
        user.photo = None
        user.save(update_fields=["photo"])
        emit("member.updated", user, actor=actor, fields=["photo"])
    return user


def _own(user: User, actor: Actor) -> User:
    if actor.user_id != user.pk:
        raise PermissionDenied
    return User.objects.lock(user.pk)
