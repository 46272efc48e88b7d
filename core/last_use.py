"""When something was last used, such as a session or a key."""

from datetime import datetime, timedelta

# Written at most this often: a row changed by every request would be the busiest of the workspace.
NOTED_EVERY = timedelta(minutes=5)


def needs_noting(last: datetime | None, at: datetime) -> bool:
    """Return whether the last noted use is long enough ago to note this one."""
    return last is None or at - last >= NOTED_EVERY
