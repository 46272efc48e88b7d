"""A table in headed groups, by what its records have in one field."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Self

from core.records.conditions.fields import FilterField
from core.records.conditions.tree import PARAMETER, Condition, Group, write
from core.records.rows import rows_of
from crm.records.pages.grouping import NONE, Shelf, Shelves
from crm.records.pages.listing import RecordList

FIRST_ROWS = 10


class GroupedList:
    """The groups of a list: each with its number of rows and the first of them."""

    def __init__(self, shown: RecordList, by: FilterField) -> None:
        self.shown, self.by = shown, by

    @classmethod
    def of(cls, shown: RecordList) -> Self | None:
        """Return the groups the address asks for, if it asks for any."""
        name = shown.params.get("group", "")
        by = next((field for field in shown.group_fields if field.name == name), None)
        return cls(shown, by) if by and not shown.problem else None

    @cached_property
    def shelves(self) -> Sequence[Shelf]:
        shown = self.shown
        kept = Shelves(shown.candidates, shown.listing, shown.order, self.by, size=FIRST_ROWS)
        shelves = kept.shelves(shown.labels(self.by), has_all=False, sizes={})
        records = shown.reader([pk for shelf in shelves for pk in shelf.ids])
        rows = {row.pk: row for row in rows_of(records, shown.record_type, shown.columns)}
        for shelf in shelves:
            shelf.rows = [rows[str(pk)] for pk in shelf.ids if str(pk) in rows]
            shelf.more_url = only_url(shown, self.by, shelf.value)
        return shelves


def only_url(shown: RecordList, by: FilterField, value: str) -> str:
    """Return the list of the rows of one group alone."""
    tree = shown.state.tree
    condition = (
        Condition(by.name, "empty") if value == NONE else Condition(by.name, "any", (value,))
    )
    narrowed = (
        replace(tree, parts=(*tree.parts, condition))
        if tree.joint == "and"
        else Group("and", (tree, condition))
    )
    return shown.state.url(group="", layout="", **{PARAMETER: write(narrowed)})
