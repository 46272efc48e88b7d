"""What follows whenever somebody's log-in changes: other sessions end, and its owner is told."""

from core.actors import Actor
from core.events.bus import emit
from core.isolation.scope import current_workspace
from core.mail import send
from tenants.members.models import User
from tenants.members.operations.sessions import end_sessions


def note_login_changed(
    user: User, *, change: str, keep: str, actor: Actor, to: str | None = None
) -> None:
    """End the member's sessions but the one to keep, and mail them what changed.

    The mail goes to their address, or to another that was theirs until now. `change` is one of those templates/emails/login_changed.txt has a sentence for.
    """
    end_sessions(user, keep=keep)
    emit("member.login_changed", user, actor=actor, change=change)
    send(
        "login_changed",
        to=to or user.email,
        language=user.language,
        context={"change": change, "workspace": current_workspace()},
    )
