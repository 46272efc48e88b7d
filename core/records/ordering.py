"""How a list is ordered by its columns, in pages and API alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy

from core.records.registry import Column, Listing

MOST_KEYS = 3


@dataclass(frozen=True, slots=True)
class Key:
    """One column a list is ordered by, and which way."""

    column: Column
    is_descending: bool

    @property
    def word(self) -> str:
        return f"-{self.column.name}" if self.is_descending else self.column.name


def keys_of(listing: Listing, order: str) -> list[Key]:
    """Return what `stage,-name` says; what is no sortable column says nothing."""
    found: dict[str, Key] = {}
    for word in order.split(","):
        name = word.strip().removeprefix("-")
        column = listing.column(name)
        if column is not None and name not in found:
            found[name] = Key(column, word.strip().startswith("-"))
    return list(found.values())[:MOST_KEYS]


def chosen_order(listing: Listing, wanted: str) -> str:
    """Return the order asked for, or the listing's own when there is no such column."""
    return ",".join(key.word for key in keys_of(listing, wanted)) or listing.order


def in_order(rows: QuerySet[Any], listing: Listing, order: str) -> QuerySet[Any]:
    """Return the rows ordered by the columns and then by id, so that no page repeats a row."""
    keys = keys_of(listing, order)
    rows = with_sort_values(rows, keys)
    last = "-pk" if keys and keys[-1].is_descending else "pk"
    return rows.order_by(*(_by(rows.model, key) for key in keys), last)


def with_sort_values(rows: QuerySet[Any], keys: Sequence[Key]) -> QuerySet[Any]:
    """Let the rows know what they are ordered by where that is not one of their own columns."""
    computed = {key.column.sort: key.column.sort_as() for key in keys if key.column.sort_as}
    return rows.annotate(**computed) if computed else rows


def _by(model: type[Model], key: Key) -> OrderBy | str:
    path = key.column.sort
    if not may_be_empty(model, key.column):
        return f"-{path}" if key.is_descending else path
    # Only where it is needed: an index in the plain order cannot serve NULLS LAST backwards.
    return F(path).desc(nulls_last=True) if key.is_descending else F(path).asc(nulls_last=True)


def may_be_empty(model: type[Model], column: Column) -> bool:
    """Return whether some rows may have nothing to be ordered by."""
    if column.sort_as or "__" in column.sort:
        return True
    return bool(model._meta.get_field(column.sort).null)
