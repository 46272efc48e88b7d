"""Exact order where the database knows only a rank, such as the first letters of a sealed name."""

from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from core.records.reading import Reader
from core.records.registry import Column

# How many ids on each side of a page are looked at for the rest of its first and its last rank:
# few at first, which nearly always will do, then as many as opening their names may cost a page.
# Where a rank has more, which takes a hundred thousand records, order is exact within pages alone.
AROUND = (100, 2_000)

type Place = tuple[UUID, Any]


def exact_ids(places: Any, part: slice, column: Column, *, is_descending: bool) -> list[UUID]:
    """Return the ids of this part of the places, which are ids with their ranks in rough order.

    Records of one rank may lie on several pages: all of them are put in order, so that a page
    begins exactly where the one before it ends.
    """
    shelved, first, last = _with_whole_ranks(places, part)
    records = _reader(places.model, column.exact_fields)([pk for pk, _rank in shelved])
    keys = {record.pk: column.exact(record) for record in records} if column.exact else {}
    ids: list[UUID] = []
    for _rank, shelf in groupby(shelved, key=itemgetter(1)):
        known = [pk for pk, _rank in shelf if pk in keys]
        ids += sorted(known, key=keys.__getitem__, reverse=is_descending)
    return ids[first:last]


def _with_whole_ranks(places: Any, part: slice) -> tuple[list[Place], int, int]:
    """Return all places of the part's ranks, and where among them the part begins and ends."""
    for around in AROUND:
        before = min(part.start, around)
        found = list(places[part.start - before : part.stop + around])
        first, last = before, min(before + part.stop - part.start, len(found))
        begin, end = _grown(found, first, last)
        has_begin = begin > 0 or before == part.start
        has_end = end < before + part.stop - part.start + around
        if has_begin and has_end:
            return found[begin:end], first - begin, last - begin
    return found[first:last], 0, last - first


def _grown(places: list[Place], first: int, last: int) -> tuple[int, int]:
    """Return the bounds moved outwards to where their ranks begin and end."""
    if first >= last:
        return first, first
    begin, end = first, last
    while begin > 0 and places[begin - 1][1] == places[first][1]:
        begin -= 1
    while end < len(places) and places[end][1] == places[last - 1][1]:
        end += 1
    return begin, end


@cache
def _reader(model: Any, fields: tuple[str, ...]) -> Reader:
    return Reader(model, lambda rows: rows.only(*fields))
