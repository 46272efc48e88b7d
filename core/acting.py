"""Whoever began something acts again in a job: with today's rights, and through what they began it with."""

from collections.abc import Callable
from uuid import UUID

from core.actors import Actor

type Again = Callable[[UUID], Actor | None]
_by_key: list[Again] = []


def acts_by_key(again: Again) -> Again:
    """Have the function tell who acts through a key, or None when it ended."""
    _by_key[:] = [again]
    return again


def key_of(actor: Actor) -> UUID | None:
    """Return the key the actor works through, to be kept with what they begin."""
    return actor.id if actor.kind == "api_key" else None


def acting_again(member: Actor, key_id: UUID | None) -> Actor | None:
    """Return the member acting again, or their key, which may do less; None when the key ended."""
    if key_id is None:
        return member
    return _by_key[0](key_id) if _by_key else None
