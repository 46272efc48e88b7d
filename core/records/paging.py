"""One page of a list: chosen by id first, then read with all it shows.

Pages follow each other by cursors wherever the order allows, so that the thousandth costs what the
second does. A page number without a cursor skips rows, which is fine for the first few thousand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.prepared import places_and_count
from core.records.counting import Count, count_from, count_of, countable
from core.records.cursors import Cursor, Keyset, keyset_of
from core.records.exactness import Place, Rank, exact_places
from core.records.ordering import in_order, keys_of
from core.records.registry import Listing

MOST_SKIPPED = 50_000


@dataclass(frozen=True, slots=True)
class Position:
    """Which page is asked for: its number, and the cursor it begins at or ends before."""

    number: int = 1
    at: str = ""
    before: str = ""

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> "Position":
        """Return the position these parameters say; what is no number is the first page."""
        text = str(params.get("page") or "1")
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
        return cls(max(number, 1), params.get("at") or "", params.get("before") or "")

    def params(self) -> dict[str, str]:
        """Return what an address says of it; the first page goes without saying."""
        said = {"page": str(self.number), "at": self.at, "before": self.before}
        return {name: value for name, value in said.items() if value and (name, value) != FIRST}


FIRST = ("page", "1")


class ListPage:
    """The rows of one page in their order, what comes before and after, and how many there are."""

    def __init__(
        self,
        rows: QuerySet[Any],
        listing: Listing,
        order: str,
        *,
        size: int,
        position: Position,
        counts_along: bool = False,
    ) -> None:
        self.rows, self.size, self.position = rows, size, position
        # Worth it where an index answers. Otherwise a page that is not full may save the counting.
        self._counts_along = counts_along
        self.keys = keys_of(listing, order)
        self.ordered = in_order(rows, listing, order)
        self.keyset: Keyset | None = keyset_of(rows.model, self.keys)
        self._counted: int | None = None

    @property
    def number(self) -> int:
        return self.position.number

    @cached_property
    def start(self) -> Cursor | None:
        """The cursor the page begins at, if it is known by one."""
        if self.keyset is None or self.number == 1:
            return None
        if (before := self.keyset.read(self.position.before)) is not None:
            return self.keyset.earlier(self.ordered, before, self.size)
        return self.keyset.read(self.position.at)

    @cached_property
    def _skipped(self) -> int:
        """How many rows an unnamed page skips; a page named by a cursor skips none of these."""
        has_cursor = bool(self.position.before or self.position.at) and self.keyset is not None
        if self.number == 1 or self.start is not None or has_cursor:
            return 0
        return min((self.number - 1) * self.size, MOST_SKIPPED)

    @cached_property
    def _found(self) -> tuple[list[Place], bool]:
        """The places of the page, and whether there is one after it."""
        rows, skip = self.ordered, self._skipped
        if self.keyset is not None and self.start is not None:
            rows, skip = self.keyset.following(rows, self.start), self.start.skip
        places = rows.values_list("pk", *(key.column.sort for key in self.keys))
        rough = next((number for number, key in enumerate(self.keys) if key.column.exact), None)
        if rough is None:
            found = self._fetched(places[skip : skip + self.size + 1])
            return found[: self.size], len(found) > self.size
        key, part = self.keys[rough], slice(skip, skip + self.size)
        rank = Rank(key.column, is_descending=key.is_descending, depth=rough + 1)
        return exact_places(places, part, rank, fetch=self._fetched)

    def _fetched(self, places: QuerySet[Any, Any]) -> list[Place]:
        """Return the places; the first time, the rows may be counted in the same round trip."""
        if self._counted is not None or not self._counts_along:
            return list(places)
        found, self._counted = places_and_count(places, countable(self.rows))
        return found

    @cached_property
    def ids(self) -> list[UUID]:
        return [place[0] for place in self._found[0]]

    @property
    def has_next(self) -> bool:
        return self._found[1]

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def next(self) -> Position:
        """Where the page after this one is."""
        depth = len(self.keyset.keys) if self.keyset else 0
        values = [place[1 : depth + 1] for place in self._found[0]] if depth else []
        is_known = self.number == 1 or self.start is not None
        if self.keyset is None or not is_known or not values:
            return Position(self.number + 1)
        return Position(self.number + 1, at=str(self.keyset.after(values, self.start)))

    @property
    def previous(self) -> Position:
        """Where the page before this one is."""
        if self.number == 2 or self.start is None:
            return Position(self.number - 1)
        return Position(self.number - 1, before=str(self.start))

    @cached_property
    def count(self) -> Count:
        """How many rows there are. A page nothing follows says so itself."""
        if self.number == 1 and not self.has_next:
            return Count(len(self.ids))
        return (
            count_of(self.rows) if self._counted is None else count_from(self.rows, self._counted)
        )

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.number - 1) * self.size + 1 if self.ids else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.ids) - 1 if self.ids else 0

    @property
    def pages(self) -> int:
        """How many pages there are, where the rows are counted exactly; else 0."""
        return -(-self.count.number // self.size) if self.count.is_exact else 0

    def records(self, read: Callable[[Sequence[UUID]], list[Any]]) -> list[Any]:
        """Return the page's records, read so."""
        return read(self.ids)
