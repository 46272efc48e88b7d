"""Whoever asked for a file acts again when it is worked on: with what they may do by then."""

from uuid import UUID

from core.acting import acting_again
from core.actors import Actor
from tenants.members.models import User


def owner_again(owner: User | None, key_id: UUID | None) -> Actor | None:
    """Return the owner acting again, or their key; None when they have left or the key ended."""
    if owner is None or not owner.is_active:
        return None
    return acting_again(owner.as_actor(), key_id)
