"""What members do for themselves: their profile, and where they are logged in."""

from collections.abc import Mapping
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
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


def end_sessions(user: User, *, keep: str = "") -> int:
    """Log a member out everywhere, except in the session to keep; return how many ended."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep)
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return len(keys)
