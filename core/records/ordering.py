"""How a list is ordered by one of its columns, in pages and API alike."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

from core.records.registry import Column, Listing

# Opening the names of so many records is the most a page may cost. Where more have the ranks of a
# page, which takes some hundred thousand records, the order is exact within the page alone.
MOST_OF_SAME_RANK = 2_000

type Place = tuple[UUID, Any]


def chosen_order(listing: Listing, wanted: str) -> str:
    """Return the order asked for, or the listing's own when there is no such column."""
    return wanted if listing.column(wanted.removeprefix("-")) else listing.order


def in_order(rows: QuerySet[Any], listing: Listing, order: str) -> QuerySet[Any]:
    """Return the rows ordered by a column and then by id, so that no page repeats a row."""
    column = listing.column(order.removeprefix("-"))
    if column is None:
        return rows.order_by("pk")
    descending = order.startswith("-")
    return rows.order_by(_by(rows.model, column.sort, descending), "-pk" if descending else "pk")


def _by(model: type[Model], path: str, descending: bool) -> OrderBy | str:
    if not _may_be_empty(model, path):
        return f"-{path}" if descending else path
    # Only where it is needed: an index in the plain order cannot serve NULLS LAST backwards.
    return F(path).desc(nulls_last=True) if descending else F(path).asc(nulls_last=True)


def _may_be_empty(model: type[Model], path: str) -> bool:
    return "__" in path or bool(model._meta.get_field(path).null)


def ordered_ids(rows: QuerySet[Any], listing: Listing, order: str, part: slice) -> list[UUID]:
    """Return the ids of this part of the rows, in their true order."""
    column = listing.column(order.removeprefix("-"))
    ordered = in_order(rows, listing, order)
    if column is None or column.exact is None:
        return list(ordered.values_list("pk", flat=True)[part])
    places = list(ordered.values_list("pk", column.sort)[part])
    return _exact_ids(rows, column, places, descending=order.startswith("-")) if places else []


def _exact_ids(
    rows: QuerySet[Any], column: Column, places: Sequence[Place], *, descending: bool
) -> list[UUID]:
    """Return the ids that take these places, where the database ordered only by rank.

    Records of one rank may lie on several pages: they are all read and put in order, so that a
    page begins exactly where the one before it ends.
    """
    shelves: dict[Any, list[Any]] = defaultdict(list)
    for record in _of_same_ranks(rows, column, places):
        shelves[getattr(record, column.sort)].append(record)
    ids: list[UUID] = []
    for rank, taken in groupby(places, key=itemgetter(1)):
        roughly = sorted((record.pk for record in shelves[rank]), reverse=descending)
        chosen = [pk for pk, _rank in taken]
        first = roughly.index(chosen[0])
        exactly = sorted(shelves[rank], key=column.exact, reverse=descending)
        ids += [record.pk for record in exactly[first : first + len(chosen)]]
    return ids


def _of_same_ranks(rows: QuerySet[Any], column: Column, places: Sequence[Place]) -> list[Any]:
    """Return all records of the ranks on a page; where these are too many, only the page's own."""
    ranks = {rank for _pk, rank in places}
    wanted = Q(**{f"{column.sort}__in": ranks - {None}})
    if None in ranks:
        wanted |= Q(**{f"{column.sort}__isnull": True})
    plain = rows.only(column.sort, *column.exact_fields)
    found = list(plain.filter(wanted)[: MOST_OF_SAME_RANK + 1])
    if len(found) <= MOST_OF_SAME_RANK:
        return found
    return list(plain.filter(pk__in=[pk for pk, _rank in places]))
