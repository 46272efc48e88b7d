"""Primary keys."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a fresh UUIDv7: ordered by time, made before the row, meaningless elsewhere."""
    return uuid7()
