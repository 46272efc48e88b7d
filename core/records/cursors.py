"""Where a page of a long list begins: the values of its order, not a number of rows to be skipped."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from core.records.ordering import Key, may_be_empty

MOST_SKIPPED = 10**9
NOTHING = Q(pk__in=[])

# What a row is ordered by, column by column; None where it has nothing.
type Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after `skip` rows among those that have these values."""

    values: Values
    skip: int

    def __str__(self) -> str:
        return json.dumps([*self.values, self.skip], default=_as_text, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order in which places can be named by values. Rows that have nothing come last either way."""

    keys: tuple[Key, ...]
    model: type[Model]

    def read(self, text: str) -> Cursor | None:
        """Return the cursor written here; None when there is none, or not one of this order."""
        try:
            *said, skip = json.loads(text)
            values = tuple(
                self._understood(key, each) for key, each in zip(self.keys, said, strict=True)
            )
        except (ValidationError, ValueError, TypeError, RecursionError):
            return None
        is_count = type(skip) is int and 0 <= skip < MOST_SKIPPED
        return Cursor(values, skip) if is_count else None

    def _understood(self, key: Key, said: Any) -> Any:
        if said is None and may_be_empty(self.model, key.column):
            return None
        if type(said) not in (str, int) or "\0" in str(said):
            raise ValueError(said)
        return _field_of(self.model, key).to_python(said)

    def following(self, rows: QuerySet[Any], cursor: Cursor) -> QuerySet[Any]:
        """Return the rows from the cursor's values on; `skip` of them come before the cursor."""
        first, value = self.keys[0], cursor.values[0]
        # Says nothing new, and is what an index on the first column understands.
        from_first = self._equal(first, value) | self._beyond(first, value)
        beyond = self._either(cursor.values, self._beyond)
        return rows.filter(from_first, beyond | self._all_equal(cursor.values))

    def after(self, values: Sequence[Values], start: Cursor | None) -> Cursor:
        """Return the place after these rows' values, which begin at `start` or with the first row."""
        last = values[-1]
        run = sum(1 for _each in takewhile(lambda each: each == last, reversed(values)))
        if start is not None and start.values == last and run == len(values):
            return Cursor(last, start.skip + run)
        return Cursor(last, run)

    def earlier(self, ordered: QuerySet[Any], cursor: Cursor, size: int) -> Cursor | None:
        """Return the place so many rows before the cursor; None is the beginning."""
        if cursor.skip >= size:
            return Cursor(cursor.values, cursor.skip - size)
        before = ordered.filter(self._either(cursor.values, self._short_of)).reverse()
        wanted = size - cursor.skip
        values = list(before.values_list(*(key.column.sort for key in self.keys))[:wanted])
        if len(values) < wanted:
            return None
        taken = sum(1 for _each in takewhile(lambda each: each == values[-1], reversed(values)))
        among = ordered.order_by().filter(self._all_equal(values[-1])).count()
        return Cursor(values[-1], among - taken)

    def _either(self, values: Values, passes: Any) -> Q:
        """Return what is true of rows that pass in one column and are equal in those before it."""
        found, equal = NOTHING, Q()
        for key, value in zip(self.keys, values, strict=True):
            found |= equal & passes(key, value)
            equal &= self._equal(key, value)
        return found

    def _all_equal(self, values: Values) -> Q:
        pairs = zip(self.keys, values, strict=True)
        return Q(*(self._equal(key, value) for key, value in pairs))

    def _equal(self, key: Key, value: Any) -> Q:
        path = key.column.sort
        return Q(**{f"{path}__isnull": True}) if value is None else Q(**{path: value})

    def _beyond(self, key: Key, value: Any) -> Q:
        if value is None:
            return NOTHING
        path = key.column.sort
        further = Q(**{f"{path}__{'lt' if key.is_descending else 'gt'}": value})
        is_empty = Q(**{f"{path}__isnull": True})
        return further | is_empty if may_be_empty(self.model, key.column) else further

    def _short_of(self, key: Key, value: Any) -> Q:
        path = key.column.sort
        if value is None:
            return Q(**{f"{path}__isnull": False})
        return Q(**{f"{path}__{'gt' if key.is_descending else 'lt'}": value})


def keyset_of(model: type[Model], keys: Sequence[Key]) -> Keyset | None:
    """Return how places of this order are named; None when only their numbers say it.

    A column that orders only roughly ends it: within its ranks, rows stand in an order of their own.
    """
    rough = next((number for number, key in enumerate(keys, 1) if key.column.exact), len(keys))
    named = tuple(keys[:rough])
    # Addresses are written into logs, where no member's name belongs.
    if not named or any(_is_of_members(model, key) for key in named):
        return None
    return Keyset(named, model)


def _is_of_members(model: type[Model], key: Key) -> bool:
    if key.column.sort_as:
        return False
    field: Any = model._meta.get_field(key.column.sort.partition("__")[0])
    return field.related_model is get_user_model()


def _field_of(model: type[Model], key: Key) -> Any:
    """Return the field whose values the column is ordered by."""
    if key.column.sort_as:
        return key.column.sort_as().output_field
    *path, last = key.column.sort.split("__")
    for name in path:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model._meta.get_field(last)


def _as_text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
