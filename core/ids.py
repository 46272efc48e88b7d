"""Primary keys."""

from uuid import UUID

from uuid_utils.compat import uuid7


def is_id(text: str) -> bool:
    """Return whether the text is the id of something."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def new_id() -> UUID:
    """Return a fresh UUIDv7: ordered by time, made before the row, meaningless elsewhere."""
    return uuid7()
