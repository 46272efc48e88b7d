"""Where members are logged in: noting it, and ending it."""

import secrets
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from core.actors import Actor
from core.events.bus import emit
from core.isolation.scope import current_workspace
from core.mail import send
from core.secret_hashes import hash_of
from tenants.members.browsers import browser_name
from tenants.members.models import KnownBrowser, LoginPolicy, Session, User
from tenants.members.models.sessions import AGENT_LENGTH


def note_use(session: Session, *, user_agent: str, ip: str, at: datetime) -> None:
    """Note when, with which browser and from which address a session is used."""
    session.last_seen_at, session.user_agent, session.ip = at, user_agent[:AGENT_LENGTH], ip
    Session.objects.filter(pk=session.pk).update(
        last_seen_at=at, user_agent=session.user_agent, ip=ip
    )


@transaction.atomic
def recognise_browser(user: User, *, secret: str, user_agent: str, actor: Actor) -> str:
    """Return the secret the browser of a log-in is to keep; its owner hears of one unknown so far."""
    known = KnownBrowser.objects.filter(user=user)
    if secret and known.filter(secret_hash=hash_of(secret)).exists():
        return secret
    is_first = not known.exists()
    # A browser that several members use keeps one secret.
    secret = secret or secrets.token_urlsafe(32)
    KnownBrowser.objects.create(user=user, secret_hash=hash_of(secret))
    if not is_first:
        emit("member.browser_added", user, actor=actor)
        context = {"browser": browser_name(user_agent), "workspace": current_workspace()}
        send("new_browser", to=user.email, language=user.language, context=context)
    return secret


@transaction.atomic
def end_session(session_id: UUID, *, actor: Actor) -> bool:
    """End one of the actor's own sessions; return whether there was one."""
    ended, _rows = Session.objects.filter(pk=session_id, user_id=_own(actor)).delete()
    return bool(ended)


@transaction.atomic
def end_sessions_elsewhere(*, keep: str, actor: Actor) -> int:
    """End the actor's own sessions but the one to keep; return how many ended."""
    ended, _rows = Session.objects.filter(user_id=_own(actor)).exclude(session_key=keep).delete()
    return ended


@transaction.atomic
def end_sessions(user: User, *, keep: str = "") -> int:
    """Log a member out everywhere, except in the session to keep; return how many ended."""
    ended, _rows = Session.objects.filter(user=user).exclude(session_key=keep).delete()
    return ended


@transaction.atomic
def forget_ended_sessions(*, at: datetime) -> int:
    """Delete sessions that ran out, or lasted longer than the policy lets them; return how many."""
    policy = LoginPolicy.objects.current()
    over = Q(expire_date__lte=at) | Q(user__isnull=False, created_at__lte=at - policy.lasting)
    ended, _rows = Session.objects.filter(over).delete()
    return ended


def _own(actor: Actor) -> UUID:
    """Return whose sessions they are; a program ends nobody's."""
    if actor.kind != "member" or actor.user_id is None:
        raise PermissionDenied
    return actor.user_id
