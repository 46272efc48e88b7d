"""What numeric columns add up to, below the table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from core.records.registry import Column, Text
from core.ui import formats
from crm.records.pages.state import ListState

FUNCTIONS = {"sum": Sum, "avg": Avg, "min": Min, "max": Max}
LABELS: dict[str, Text] = {
    "sum": _("Sum"),
    "avg": _("Average"),
    "min": _("Smallest"),
    "max": _("Largest"),
}
PARAMETER = "totals"
CURRENCY = "currency"


@dataclass(frozen=True, slots=True)
class Total:
    """One number below the table, with the addresses that show another one of the same column."""

    column: Column
    function: str
    value: str
    others: Sequence[tuple[Text, str, bool]]

    @property
    def label(self) -> Text:
        return LABELS[self.function]


def totals_of(state: ListState, rows: QuerySet[Any]) -> list[Total]:
    """Return a total for each column shown that can be added up; all in one statement."""
    columns = [each.column for each in state.columns if each.column.sums]
    if not columns:
        return []
    chosen = _chosen(state)
    functions = {column.name: chosen.get(column.name, "sum") for column in columns}
    wanted = aggregates(columns, functions)
    found = rows.order_by().aggregate(**wanted)
    return [
        Total(column, functions[column.name], words, _others(state, column, functions))
        for column in columns
        if (words := said_of(column, found))
    ]


def aggregates(columns: Sequence[Column], functions: Mapping[str, str]) -> dict[str, Any]:
    """Return what to ask the database for, so that `said_of` can say it."""
    wanted: dict[str, Any] = {
        f"of_{column.name}": FUNCTIONS[functions.get(column.name, "sum")](column.sums)
        for column in columns
    }
    for column in columns:
        if column.kind == "money":
            has_amount = Q(**{f"{column.sums}__isnull": False})
            wanted["one_currency"] = Max(CURRENCY, filter=has_amount)
            wanted["currencies"] = Count(CURRENCY, distinct=True, filter=has_amount)
    return wanted


def _chosen(state: ListState) -> dict[str, str]:
    pairs = (word.partition(":") for word in state.params.get(PARAMETER, "").split(","))
    return {name: function for name, _sep, function in pairs if function in FUNCTIONS}


def said_of(column: Column, found: Mapping[str, Any]) -> str:
    """Return the number as people read it; amounts in several currencies are not added up."""
    value = found[f"of_{column.name}"]
    if value is None:
        return ""
    value = round(value, 2)
    if column.kind != "money":
        return formats.number(int(value) if value == int(value) else value)
    if found["currencies"] > 1:
        return ""
    return formats.money(value, found["one_currency"])


def _others(
    state: ListState, column: Column, functions: dict[str, str]
) -> list[tuple[Text, str, bool]]:
    def address(function: str) -> str:
        said = {**functions, column.name: function}
        return state.url(**{PARAMETER: ",".join(f"{name}:{each}" for name, each in said.items())})

    return [
        (label, address(function), functions[column.name] == function)
        for function, label in LABELS.items()
    ]
