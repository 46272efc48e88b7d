"""Which records somebody chose: some by their ids, or all that a list's address stands for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict  # noqa: TID251 - a list's address is its state

from core.actors import Actor
from core.records.registry import RecordType
from core.records.selecting import selection_of

READ_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """The ids somebody ticked; without any, all records that match the query string."""

    ids: tuple[UUID, ...] = ()
    query: str | None = None

    def count(self, record_type: RecordType, actor: Actor) -> int:
        """Return how many there are just now."""
        if self.query is None:
            return len(self.ids)
        return selection_of(record_type, QueryDict(self.query), actor).count()

    def portions(self, record_type: RecordType, actor: Actor, size: int) -> Iterator[list[UUID]]:
        """Yield the ids, so many at a time; never all of them are held at once."""
        if self.query is None:
            for start in range(0, len(self.ids), size):
                yield list(self.ids[start : start + size])
            return
        rows = selection_of(record_type, QueryDict(self.query), actor)
        for ids in pages_of_ids(rows):
            for start in range(0, len(ids), size):
                yield ids[start : start + size]


def pages_of_ids(rows: Any) -> Iterator[list[UUID]]:
    """Yield the ids of these rows in order, some thousand at a time."""
    ordered = rows.order_by("pk").values_list("pk", flat=True)
    ids = list(ordered[:READ_AT_ONCE])
    while ids:
        yield ids
        ids = list(ordered.filter(pk__gt=ids[-1])[:READ_AT_ONCE])
