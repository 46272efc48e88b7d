"""Rows by what they have in one field: headed groups of a table, columns of a board."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Value
from django.utils.translation import gettext as _

from core.records.conditions.fields import FilterField
from core.records.ordering import in_order
from core.records.registry import Column, Listing, Text
from crm.records.pages.totals import aggregates, said_of

KINDS = ("choice", "reference", "member")
# More rows than this are not counted one by one; the numbers then say "at least".
MOST_LOOKED_AT = 100_000
MOST_GROUPS = 40
NONE = "none"


def groupable(listing: Listing) -> list[FilterField]:
    """Return the fields rows can be grouped by: those with a choice in a column of their own."""
    return [
        each
        for each in listing.filterable.fields
        if each.kind in KINDS and each.options and not each.matching
    ]


@dataclass(slots=True)
class Shelf:
    """The rows that have one value: how many, and the first of them."""

    value: str
    label: Text
    tone: str = ""
    count: int = 0
    is_exact: bool = True
    ids: list[UUID] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    totals: Sequence[tuple[Text, str]] = ()
    url: str = ""
    more_url: str = ""
    new_url: str = ""

    @property
    def left(self) -> int:
        return max(self.count - len(self.ids), 0)


class Shelves:
    """Rows on shelves: two statements, however many shelves there are.

    `sums` names columns that are added up for each shelf.
    """

    def __init__(
        self,
        rows: QuerySet[Any],
        listing: Listing,
        order: str,
        by: FilterField,
        *,
        size: int,
        sums: Sequence[Column] = (),
    ) -> None:
        self.rows, self.listing, self.order, self.by, self.size = rows, listing, order, by, size
        self.sums = sums

    @cached_property
    def _found(self) -> Mapping[str, Mapping[str, Any]]:
        """What the database says of each value: how many rows, and what they add up to."""
        looked_at = self.rows.order_by().values("pk")[: MOST_LOOKED_AT + 1]
        whole = self.rows.model._default_manager.filter(pk__in=looked_at)
        found = whole.order_by().values(self.by.column)
        found = found.annotate(count=Count("pk"), **aggregates(self.sums, {}))
        return {str(row[self.by.column] or NONE): row for row in found}

    def shelves(
        self, labels: Mapping[str, Text], *, has_all: bool, sizes: Mapping[str, int]
    ) -> list[Shelf]:
        """Return the shelves in the order of the choices; empty ones only when all are wanted."""
        counts = {value: row["count"] for value, row in self._found.items()}
        is_exact = sum(counts.values()) <= MOST_LOOKED_AT
        others = [value for value in counts if value not in labels and value != NONE]
        values = [*labels, *sorted(others), NONE]
        shelves = [
            Shelf(value, self._label(value, labels), count=counts.get(value, 0), is_exact=is_exact)
            for value in values
            if counts.get(value) or (has_all and value in labels)
        ][:MOST_GROUPS]
        self._fill([each for each in shelves if each.count], sizes)
        for shelf in shelves if is_exact else ():
            shelf.totals = self._totals(shelf)
        return shelves

    def _totals(self, shelf: Shelf) -> list[tuple[Text, str]]:
        row = self._found.get(shelf.value)
        said = [(column.label, said_of(column, row)) for column in self.sums] if row else []
        return [(label, words) for label, words in said if words]

    def _label(self, value: str, labels: Mapping[str, Text]) -> Text:
        if value == NONE:
            return _("None")
        return labels.get(value) or (self.by.describe(value) if self.by.describe else value)

    def _fill(self, shelves: Sequence[Shelf], sizes: Mapping[str, int]) -> None:
        """Put the first ids on each shelf, in one statement."""
        parts = [self._first(shelf, sizes.get(shelf.value, self.size)) for shelf in shelves]
        if not parts:
            return
        first, *rest = parts
        together = first.union(*rest, all=True) if rest else first
        by_value = {shelf.value: shelf for shelf in shelves}
        for pk, value in together:
            by_value[value].ids.append(pk)

    def _first(self, shelf: Shelf, size: int) -> QuerySet[Any]:
        rows = in_order(having(self.rows, self.by, shelf.value), self.listing, self.order)
        return rows.annotate(shelf=Value(shelf.value)).values_list("pk", "shelf")[:size]


def having(rows: QuerySet[Any], by: FilterField, value: str) -> QuerySet[Any]:
    """Return the rows that have this value in the field, or none."""
    if value != NONE:
        return rows.filter(**{by.column: value})
    empty = {f"{by.column}__isnull": True} if by.kind != "choice" else {by.column: ""}
    return rows.filter(**empty)
