"""What became of a batch's rows, counted and put into words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from crm.transfer.engine.drafts import Draft
from crm.transfer.engine.keeping import Keeper
from crm.transfer.engine.plan import Plan

ROWS_NAMED = 5


@dataclass(slots=True)
class Outcome:
    """Counts, refused rows, corrections, what a check would change, and samples of the rest."""

    plan: Plan
    # How many samples of each kind there is still room for.
    samples: Mapping[str, int]
    keeper: Keeper
    created: list[int] = field(default_factory=list)
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    refused: int = 0
    corrected: int = 0
    linked: int = 0
    waiting: list[int] = field(default_factory=list)
    told: dict[str, list[Any]] = field(default_factory=dict)

    def room(self, kind: str) -> int:
        """Return how many more samples of this kind are wanted."""
        return self.samples.get(kind, 0) - len(self.told.get(kind, ()))

    def create(self, draft: Draft, record: Any) -> None:
        self.created.append(draft.row.number)
        self._sample("created", draft, record)

    def keep(self, draft: Draft, record: Any, before: dict[str, str]) -> None:
        self.unchanged += 1
        if before and str(draft.row.number) in self.plan.kept:
            # It says something else, and somebody chose to keep all of it: they may choose again.
            self._tell_changes(draft, record, before, before)
        else:
            self._sample("unchanged", draft, record)

    def skip(self, draft: Draft) -> None:
        """The row is about a record of the kind that is not wanted this time."""
        self.skipped += 1
        if self.room("unchanged") > 0:
            cells: dict[str, str] = {}
            for place in self.keeper.places:
                cells[place.field.target] = (
                    cells.get(place.field.target) or draft.row.cells[place.at]
                )
            entry = {"row": draft.row.number, "cells": list(cells.values())}
            self.told.setdefault("unchanged", []).append(entry)

    def update(self, draft: Draft, record: Any, before: dict[str, str]) -> None:
        self.updated += 1
        if before:
            after = self._with_coming(draft, self.shown(record))
            self._tell_changes(draft, record, before, after)

    def _tell_changes(
        self, draft: Draft, record: Any, before: dict[str, str], after: dict[str, str]
    ) -> None:
        """Tell what changes, and what does not because somebody chose so."""
        changes = [
            [self.plan.column_named(name), before[name], after[name], name]
            for name in after
            if after[name] != before.get(name, "")
        ]
        kept = self.keeper.kept_changes(draft, before)
        if changes or kept:
            entry = {"row": draft.row.number, "title": str(record), "changes": [*changes, *kept]}
            self.told.setdefault("updated", []).append(entry | {"kept": [each[3] for each in kept]})

    def shown(self, record: Any) -> dict[str, str]:
        """Return what the record has now, field by field, as people read it."""
        fields = {place.field.target: place.field for place in self.keeper.places}
        return {name: field.shown(record) for name, field in fields.items()}

    def _with_coming(self, draft: Draft, shown: dict[str, str]) -> dict[str, str]:
        """Add the words of records that would be made on the way."""
        coming = draft.coming.items()
        return shown | {
            name: ", ".join(filter(None, [shown.get(name, ""), *(word for _at, word in words)]))
            for name, words in coming
            if name in shown
        }

    def _sample(self, kind: str, draft: Draft, record: Any) -> None:
        """Keep what the record is or would be, field by field, not what the file wrote."""
        if self.room(kind) > 0:
            shown = self._with_coming(draft, self.shown(record))
            self.told.setdefault(kind, []).append(
                {"row": draft.row.number, "cells": list(shown.values())}
            )

    def conclude(self, drafts: Iterable[Draft]) -> None:
        """Take note of what was refused, what waits and what was corrected."""
        for draft in drafts:
            if draft.problems:
                self.refused += 1
                entry = {
                    "row": draft.row.number,
                    "cells": draft.row.cells,
                    "problems": draft.problems,
                }
                self.told.setdefault("refused", []).append(entry)
            elif draft.is_waiting:
                self.waiting.append(draft.row.number)
            else:
                self._correct(draft)

    def _correct(self, draft: Draft) -> None:
        """The same correction of a hundred rows is told once, with the first few rows."""
        told = self.told.setdefault("corrected", []) if draft.corrections else []
        for column, was, now in draft.corrections:
            self.corrected += 1
            entry = next(
                (each for each in told if (each["column"], each["was"]) == (column, was)), None
            )
            if entry is None:
                entry = {"column": column, "was": was, "now": now, "count": 0, "rows": []}
                told.append(entry)
            entry["count"] += 1
            if len(entry["rows"]) < ROWS_NAMED:
                entry["rows"].append(draft.row.number)
