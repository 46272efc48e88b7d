"""How many people may work in a workspace; billing says so when it loads."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from core.errors import OperationError
from tenants.members.models import User

type Allowed = Callable[[], int | None]
_allowed: list[Allowed] = []


class SeatsTaken(OperationError):
    code = "seats_taken"
    message = _("All seats of the plan are taken. Deactivate a member or book another seat.")
    status = 402


def count_seats_by(allowed: Allowed) -> Allowed:
    """Have the function say how many active members the workspace may have; None is any number."""
    _allowed[:] = [allowed]
    return allowed


def seats_allowed() -> int | None:
    """Return how many active members the workspace may have, or None for any number."""
    return _allowed[0]() if _allowed else None


def seats_used() -> int:
    """Return how many active members there are."""
    return User.objects.filter(is_active=True).count()


def take_seat() -> None:
    """Refuse to go on when there is no seat for one more member."""
    allowed = seats_allowed()
    if allowed is not None and seats_used() >= allowed:
        raise SeatsTaken
