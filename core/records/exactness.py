"""Exact order where the database knows only a rank, such as the first letters of a sealed name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from core.records.reading import Reader
from core.records.registry import Column

# How many ids on each side of a page are looked at for the rest of its first and its last rank:
# few at first, which nearly always will do, then as many as opening their names may cost a page.
# Where a rank has more, which takes a hundred thousand records, order is exact within pages alone.
AROUND = (100, 2_000)

# An id, and after it the values it is ordered by.
type Place = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Rank:
    """The column that orders only roughly, which way, and how many of a place's values are its rank."""

    column: Column
    is_descending: bool
    depth: int = 1

    def of(self, place: Place) -> Place:
        return place[1 : self.depth + 1]


def exact_places(
    places: Any, part: slice, rank: Rank, *, fetch: Callable[[Any], list[Place]] = list
) -> tuple[list[Place], bool]:
    """Return this part of the places, and whether more follow.

    Places are ids with what they are ordered by, roughly. Records of one rank may lie on several
    pages: all of them are put in order, so that a page begins exactly where the one before it ends.
    """
    shelved, first, last, has_more = _with_whole_ranks(places, part, rank.of, fetch)
    column = rank.column
    records = _reader(places.model, column.exact_fields)([place[0] for place in shelved])
    # By numbers: an id itself takes longer to be looked up, and there may be two thousand.
    keys = {record.pk.int: column.exact(record) for record in records} if column.exact else {}

    def key_of(place: Place) -> Any:
        return keys[place[0].int]

    exact: list[Place] = []
    for _rank, shelf in groupby(shelved, key=rank.of):
        known = [place for place in shelf if place[0].int in keys]
        exact += sorted(known, key=key_of, reverse=rank.is_descending)
    return exact[first:last], has_more


def _with_whole_ranks(
    places: Any,
    part: slice,
    rank_of: Callable[[Place], Place],
    fetch: Callable[[Any], list[Place]],
) -> tuple[list[Place], int, int, bool]:
    """Return all places of the part's ranks, where in them it begins and ends, whether more follow."""
    for around in AROUND:
        before = min(part.start, around)
        found = fetch(places[part.start - before : part.stop + around])
        first, last = before, min(before + part.stop - part.start, len(found))
        begin, end = _grown([rank_of(place) for place in found], first, last)
        has_begin = begin > 0 or before == part.start
        has_end = end < before + part.stop - part.start + around
        if has_begin and has_end:
            return found[begin:end], first - begin, last - begin, len(found) > last
    return found[first:last], 0, last - first, len(found) > last


def _grown(ranks: list[Place], first: int, last: int) -> tuple[int, int]:
    """Return the bounds moved outwards to where their ranks begin and end."""
    if first >= last:
        return first, first
    begin, end = first, last
    while begin > 0 and ranks[begin - 1] == ranks[first]:
        begin -= 1
    while end < len(ranks) and ranks[end] == ranks[last - 1]:
        end += 1
    return begin, end


@cache
def _reader(model: Any, fields: tuple[str, ...]) -> Reader:
    return Reader(model, lambda rows: rows.only(*fields))
