"""How a list is ordered by one of its columns, in pages and API alike."""

from typing import Any
from uuid import UUID

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy

from core.records.exactness import exact_ids
from core.records.registry import Listing


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
    places = ordered.values_list("pk", column.sort)
    return exact_ids(places, part, column, is_descending=order.startswith("-"))
