"""Where a page of a long list begins: a value of the order, not a number of rows to be skipped."""

from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from core.records.ordering import Key, may_be_empty

SEPARATOR = "~"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after `skip` rows among those that have this value."""

    value: Any
    skip: int

    def __str__(self) -> str:
        said = self.value.isoformat() if hasattr(self.value, "isoformat") else self.value
        return f"{said}{SEPARATOR}{self.skip}"


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order in which places can be named by a value: one column of the table's own, never empty."""

    key: Key
    model: Any

    @property
    def path(self) -> str:
        return self.key.column.sort

    def read(self, text: str) -> Cursor | None:
        """Return the cursor written here; None when there is none, or not one of this order."""
        value, separator, skip = text.rpartition(SEPARATOR)
        if not separator or not skip.isascii() or not skip.isdigit() or len(skip) > 9:
            return None
        try:
            understood = self.model._meta.get_field(self.path).to_python(value)
        except (ValidationError, ValueError):
            return None
        return None if understood is None or "\0" in value else Cursor(understood, int(skip))

    def following(self, rows: QuerySet[Any], cursor: Cursor) -> QuerySet[Any]:
        """Return the rows from the cursor's value on; `skip` of them come before the cursor."""
        lookup = "lte" if self.key.is_descending else "gte"
        return rows.filter(**{f"{self.path}__{lookup}": cursor.value})

    def after(self, values: list[Any], start: Cursor | None) -> Cursor:
        """Return the place after these values, which begin at `start` or with the first row."""
        last = values[-1]
        run = sum(1 for _value in takewhile(lambda value: value == last, reversed(values)))
        if start is not None and start.value == last and run == len(values):
            return Cursor(last, start.skip + run)
        return Cursor(last, run)

    def earlier(self, ordered: QuerySet[Any], cursor: Cursor, size: int) -> Cursor | None:
        """Return the place so many rows before the cursor; None is the beginning."""
        if cursor.skip >= size:
            return Cursor(cursor.value, cursor.skip - size)
        lookup = "gt" if self.key.is_descending else "lt"
        before = ordered.filter(**{f"{self.path}__{lookup}": cursor.value}).reverse()
        wanted = size - cursor.skip
        values = list(before.values_list(self.path, flat=True)[:wanted])
        if len(values) < wanted:
            return None
        taken = sum(1 for _value in takewhile(lambda value: value == values[-1], reversed(values)))
        among = ordered.order_by().filter(**{self.path: values[-1]}).count()
        return Cursor(values[-1], among - taken)


def keyset_of(model: Any, keys: list[Key]) -> Keyset | None:
    """Return how places of this order are named; None when only their numbers say it."""
    if len(keys) != 1 or may_be_empty(model, keys[0].column):
        return None
    return Keyset(keys[0], model)
