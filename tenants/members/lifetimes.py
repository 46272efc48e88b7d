"""How long sessions may last, in words."""

from django.utils.translation import ngettext

from tenants.members.models.policies import IDLE_MINUTES, LASTING_HOURS

HOUR, DAY = 60, 24 * 60


def idle_choices() -> list[tuple[int, str]]:
    """Return the choices of how long a session may lie unused, in minutes."""
    return [(minutes, lasting(minutes)) for minutes in IDLE_MINUTES]


def lasting_choices() -> list[tuple[int, str]]:
    """Return the choices of how long a session may last at all, in hours."""
    return [(hours, lasting(hours * HOUR)) for hours in LASTING_HOURS]


def lasting(minutes: int) -> str:
    """Return a length of time in the largest unit that fits it."""
    if minutes % DAY == 0:
        days = minutes // DAY
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if minutes % HOUR == 0:
        hours = minutes // HOUR
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
