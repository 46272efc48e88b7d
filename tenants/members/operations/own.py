"""What members do for themselves: their profile."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.actors import Actor
from core.events.bus import emit
from tenants.members.models import User


@transaction.atomic
def update_profile(user: User, *, changes: Mapping[str, Any], actor: Actor) -> User:
    """Change a member's own name and preferences; nobody changes another's here."""
    user = User.objects.lock(user.pk)
    if actor.user_id != user.pk:
        raise PermissionDenied
    for name in changes:
        setattr(user, name, changes[name])
    user.full_clean()
    user.save(update_fields=list(changes))
    if set(changes) & {"given_name", "family_name"}:
        emit("member.updated", user, actor=actor, fields=sorted(changes))
    return user
