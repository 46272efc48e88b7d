"""How often an address failed to log in, counted over all workspaces together.

Each workspace has limits of its own. Without this one, whoever tries passwords would have as many
tries as there are workspaces.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from core.isolation.scope import control_plane
from tenants.models import FailedTries

WINDOW = timedelta(minutes=10)
MOST_FAILURES = 60
KEPT = timedelta(days=1)
# In one statement, so that processes that count at once do not count over each other.
COUNT = """
INSERT INTO public.tenants_failedtries AS known (address_hash, since, count)
VALUES (%(address)s, %(at)s, 1)
ON CONFLICT (address_hash) DO UPDATE SET
    count = CASE WHEN known.since <= %(over)s THEN 1 ELSE known.count + 1 END,
    since = CASE WHEN known.since <= %(over)s THEN %(at)s ELSE known.since END
"""


def is_worn_out(address: str, *, at: datetime) -> bool:
    """Return whether this address has failed too often lately to try again now."""
    with control_plane("count failed log-ins of an address"), transaction.atomic():
        known = FailedTries.objects.filter(address_hash=_hash(address), since__gt=at - WINDOW)
        return known.filter(count__gte=MOST_FAILURES).exists()


def note_failure(address: str, *, at: datetime) -> None:
    """Count one more failure of this address."""
    values: dict[str, Any] = {"address": _hash(address), "at": at, "over": at - WINDOW}
    with (
        control_plane("count a failed log-in"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(COUNT, values)


def forget_failures(*, at: datetime) -> int:
    """Delete what is older than a day; return of how many addresses. Control plane only."""
    return FailedTries.objects.filter(since__lt=at - KEPT).delete()[0]


def _hash(address: str) -> str:
    """Return the same letters for all addresses of one household, useless without SECRET_KEY."""
    plain = ip_address(address)
    if isinstance(plain, IPv6Address):
        # Whoever has one address of version 6 has all that begin like it.
        plain = plain.ipv4_mapped or ip_network((plain, 64), strict=False).network_address
    return salted_hmac("tenants.tries", str(plain), algorithm="sha256").hexdigest()
