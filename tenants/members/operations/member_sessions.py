"""Ending somebody else's sessions: by those who may change their log-in, and never unnoticed."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from core.isolation.scope import current_workspace
from core.mail import send
from tenants.members.giving import refuse_beyond
from tenants.members.models import Session, User
from tenants.members.operations.sessions import end_sessions
from tenants.members.permissions import MANAGE_MEMBERS


class YourOwnSessions(OperationError):
    code = "your_own_sessions"
    message = _("End your own sessions in your settings.")


@transaction.atomic
def end_member_session(member: User, session_id: UUID, *, actor: Actor) -> bool:
    """Sign a member out in one browser and mail them so; return whether there was such a session."""
    held = _held(member, actor)
    ended, _rows = Session.objects.filter(pk=session_id, user=held).delete()
    _tell(held, ended, actor)
    return bool(ended)


@transaction.atomic
def end_member_sessions(member: User, *, actor: Actor) -> int:
    """Sign a member out everywhere and mail them so; return how many sessions ended."""
    held = _held(member, actor)
    ended = end_sessions(held)
    _tell(held, ended, actor)
    return ended


def _held(member: User, actor: Actor) -> User:
    """Return the member, held so that two changes of their log-in take turns."""
    held = User.objects.select_related("role").filter(is_service=False).lock(member.pk)
    authorize(actor, MANAGE_MEMBERS)
    refuse_beyond(held.role, actor=actor)
    if held.pk == actor.user_id:
        raise YourOwnSessions
    return held


def _tell(member: User, ended: int, actor: Actor) -> None:
    if not ended:
        return
    emit("member.sessions_ended", member, actor=actor, count=ended)
    context = {"count": ended, "workspace": current_workspace()}
    send("sessions_ended", to=member.email, language=member.language, context=context)
