"""Whom somebody looks at the workspace as, as their session knows it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import OperationError
from tenants.members.models import User
from tenants.members.operations.viewing import actor_seen

# Under this name the session knows what is looked at as whom.
VIEWING = "viewing"


class OnlyLooking(OperationError):
    """Somebody who looks as another member tried to change something."""

    code = "only_looking"
    message = _("You are looking as somebody else, and nothing can be changed.")
    status = 403


def actor_of(request: Any, user: User) -> Actor:
    """Return who acts: the member, or whom they look as."""
    said = request.session.get(VIEWING)
    if said is None:
        return user.as_actor()
    seen = actor_seen(said, user, at=timezone.now())
    if seen is None:
        del request.session[VIEWING]
    return seen or user.as_actor()
