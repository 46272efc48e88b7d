"""What a record type says about finding records twice: in the whole base, and while one is written."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.functional import Promise

from core.actors import Actor


class Pair(NamedTuple):
    """Two records that may be one: why, and how surely from 0 to 100."""

    first: UUID
    second: UUID
    reason: str
    score: int


@dataclass(frozen=True, slots=True)
class Likely:
    """A record that may be the one somebody is about to add."""

    record: Any
    reason: str
    score: int


@dataclass(frozen=True, slots=True)
class Duplicates:
    """`pairs` goes through all records in use; `likely` looks for some values, as the actor sees them.

    `reasons` says in words what two records have in common.
    """

    pairs: Callable[[], Iterator[Pair]]
    likely: Callable[[Mapping[str, Any], Actor], Sequence[Likely]]
    reasons: Mapping[str, str | Promise]
