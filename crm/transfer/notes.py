"""What an import has to tell about its rows, read from the notes of its batches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, NamedTuple
from uuid import UUID

from crm.transfer.models import Import, ImportNote


@dataclass(slots=True)
class Corrected:
    """One correction, with how many cells it was made in and the first rows of them."""

    column: str
    was: str
    now: str
    count: int
    rows: list[int]

    @property
    def others(self) -> int:
        """How many cells there are beyond the rows that are named."""
        return self.count - len(self.rows)


class Reason(NamedTuple):
    """One problem of a row, with the text it is about."""

    column: str
    value: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as it stands in the file, with what is wrong with it."""

    number: int
    columns: list[str]
    cells: list[str]
    problems: list[tuple[str, str]]

    def value_of(self, column: str) -> str:
        """Return the row's text in a column of the file, or nothing."""
        known = dict(zip(self.columns, self.cells, strict=False))
        return known.get(column, "")

    @property
    def shown(self) -> list[Reason]:
        """The row's problems as a page tells them."""
        return [
            Reason(column, self.value_of(column), sentence) for column, sentence in self.problems
        ]


class Settled(NamedTuple):
    """A row that is refused no longer, and whether it is left out on purpose."""

    row: TableRow
    is_skipped: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One value a record would get instead of another, in the field of this name."""

    column: str
    before: str
    after: str
    name: str
    is_applied: bool


@dataclass(frozen=True, slots=True)
class Updated:
    """A record the file changes, with its values before and after."""

    number: int
    title: str
    changes: list[Change]


class Entries[T]:
    """All that is told of one kind, in the order of the rows' batches; nobody holds a million of them."""

    def __init__(self, the_import: Import, kind: str, read: Callable[[Any], T]) -> None:
        self.the_import, self.kind, self.read = the_import, kind, read

    @cached_property
    def _notes(self) -> list[tuple[UUID, int]]:
        """The notes that tell of it, each with how much."""
        notes = ImportNote.objects.filter(owner_import=self.the_import, counts__has_key=self.kind)
        counted = notes.order_by("round", "cursor").values_list("pk", "counts")
        return [(pk, counts[self.kind]) for pk, counts in counted]

    def __len__(self) -> int:
        return sum(count for _pk, count in self._notes)

    def __iter__(self) -> Iterator[T]:
        for pk, _count in self._notes:
            yield from map(self.read, self._told_in(pk))

    def __getitem__(self, part: slice) -> list[T]:
        """Return a slice; only the notes it stands in are opened."""
        start, stop, _step = part.indices(len(self))
        found: list[Any] = []
        at = 0
        for pk, count in self._notes:
            if start < at + count and at < stop:
                found += self._told_in(pk)[max(start - at, 0) : stop - at]
            at += count
        return [self.read(entry) for entry in found]

    def _told_in(self, pk: UUID) -> list[Any]:
        told: list[Any] = ImportNote.objects.get(pk=pk).told[self.kind]
        return told


class Told(NamedTuple):
    """A row that a note tells of: the note, and what it tells."""

    note: ImportNote
    entry: dict[str, Any]


def told_of(the_import: Import, number: int, kind: str) -> Told | None:
    """Return what is told of one row, or None; of each round only the batch it belongs to is opened."""
    notes = ImportNote.objects.filter(owner_import=the_import, cursor__gte=number)
    for note in notes.order_by("round", "cursor").distinct("round"):
        for entry in note.told.get(kind, ()):
            if entry["row"] == number:
                return Told(note, entry)
    return None


def column_names(the_import: Import) -> list[str]:
    return [column["column"] for column in the_import.mapping["columns"]]


def refused_rows(the_import: Import) -> Entries[TableRow]:
    """Return every refused row with its reasons."""
    return _rows(the_import, "refused")


def refused_row(the_import: Import, number: int) -> TableRow | None:
    """Return one refused row, or None when it is not refused any more."""
    told = told_of(the_import, number, "refused")
    return _row(told.entry, column_names(the_import)) if told else None


def settled_rows(the_import: Import) -> list[Settled]:
    """Return the rows that were refused, until somebody corrected or skipped them."""
    if not the_import.edits:
        return []
    columns, refused = column_names(the_import), {row.number for row in refused_rows(the_import)}
    return [
        Settled(
            TableRow(int(key), columns, edit["cells"] or edit["was"]["cells"], []),
            edit["cells"] is None,
        )
        for key, edit in sorted(the_import.edits.items(), key=lambda each: int(each[0]))
        if int(key) not in refused
    ]


def sample_rows(the_import: Import, kind: str) -> Entries[TableRow]:
    """Return the kept rows of those created or unchanged."""
    return _rows(the_import, kind)


def _rows(the_import: Import, kind: str) -> Entries[TableRow]:
    return Entries(the_import, kind, partial(_row, columns=column_names(the_import)))


def _row(entry: dict[str, Any], columns: list[str]) -> TableRow:
    problems = [(column, sentence) for column, sentence in entry.get("problems", ())]
    return TableRow(entry["row"], columns, entry["cells"], problems)


def updated_records(the_import: Import) -> Entries[Updated]:
    """Return the records that change, each with its values before and after."""
    return Entries(the_import, "updated", _updated)


def updated_record(the_import: Import, number: int) -> Updated | None:
    """Return what one row changes, or None when nothing is told of it."""
    told = told_of(the_import, number, "updated")
    return _updated(told.entry) if told else None


def _updated(entry: dict[str, Any]) -> Updated:
    kept = entry["kept"]
    changes = [
        Change(column, before, after, name, is_applied=name not in kept)
        for column, before, after, name in entry["changes"]
    ]
    return Updated(entry["row"], entry["title"], changes)


def all_corrections(the_import: Import) -> list[Corrected]:
    """Return each correction once, the most frequent first."""
    found: dict[tuple[str, str], Corrected] = {}
    entries: Entries[dict[str, Any]] = Entries(the_import, "corrected", dict)
    for entry in entries:
        known = found.get((entry["column"], entry["was"]))
        if known is None:
            found[entry["column"], entry["was"]] = Corrected(**entry)
        else:
            known.count += entry["count"]
    return sorted(found.values(), key=lambda each: -each.count)
