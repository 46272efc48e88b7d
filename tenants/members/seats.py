"""How many people may work in a workspace; billing says so when it loads."""

from collections.abc import Callable

from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.errors import OperationError
from tenants.members.models import Invitation, User

type Allowed = Callable[[], int | None]
_allowed: list[Allowed] = []


class SeatsTaken(OperationError):
    code = "seats_taken"
    message = _("All seats of the plan are taken. Deactivate a member or book another seat.")
    status = 402


def count_seats_by(allowed: Allowed) -> Allowed:
    """Have the function say how many seats the workspace has; None is any number."""
    _allowed[:] = [allowed]
    return allowed


def seats_allowed() -> int | None:
    """Return how many seats the workspace has, or None for any number."""
    return _allowed[0]() if _allowed else None


def seats_used(*, without: str = "") -> int:
    """Return how many seats are taken: by active members, and by invitations that are open.

    Programs take none. The invitation of one address may be left out: whoever has it takes no second seat.
    """
    invited = Invitation.objects.open().exclude(email__iexact=without)
    return User.objects.active_people().count() + invited.count()


def take_seat(*, email: str = "") -> None:
    """Refuse to go on when there is no seat for one more member, whose invitation may hold one."""
    allowed = seats_allowed()
    if allowed is None:
        return
    # Two who come at once take turns, so that the last seat is taken once.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.seats'))")
    if seats_used(without=email) >= allowed:
        raise SeatsTaken
