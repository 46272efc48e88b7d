"""What an import has to tell about its rows, read from the notes of its batches."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

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
    """One value a record would get instead of another."""

    field: str
    before: str
    after: str
    # The field of the record; nothing where the note is older than the choice.
    name: str = ""
    is_applied: bool = True


@dataclass(frozen=True, slots=True)
class Updated:
    """A record the file changes, with its values before and after."""

    number: int
    title: str
    changes: list[Change]


def _told(the_import: Import, kind: str) -> Iterator[Any]:
    """Yield the entries of this kind in the order of the rows' batches, a batch at a time."""
    notes = ImportNote.objects.filter(owner_import=the_import).order_by("round", "cursor")
    pks = list(notes.values_list("pk", flat=True))
    for pk in pks:
        yield from ImportNote.objects.get(pk=pk).told.get(kind, ())


def column_names(the_import: Import) -> list[str]:
    return [column["column"] for column in the_import.mapping["columns"]]


def refused_rows(the_import: Import) -> Iterator[TableRow]:
    """Yield every refused row with its reasons."""
    return _rows(the_import, "refused")


def refused_row(the_import: Import, number: int) -> TableRow | None:
    """Return one refused row, or None when it is not refused any more."""
    return next((row for row in refused_rows(the_import) if row.number == number), None)


def settled_rows(the_import: Import) -> list[Settled]:
    """Return the rows that were refused, until somebody corrected or skipped them."""
    columns, refused = column_names(the_import), {row.number for row in refused_rows(the_import)}
    return [
        Settled(
            TableRow(int(key), columns, edit["cells"] or edit["was"]["cells"], []),
            edit["cells"] is None,
        )
        for key, edit in sorted((the_import.edits or {}).items(), key=lambda each: int(each[0]))
        if int(key) not in refused
    ]


def sample_rows(the_import: Import, kind: str) -> Iterator[TableRow]:
    """Yield the kept rows of those created or unchanged."""
    return _rows(the_import, kind)


def _rows(the_import: Import, kind: str) -> Iterator[TableRow]:
    columns = column_names(the_import)
    for entry in _told(the_import, kind):
        problems = [(column, sentence) for column, sentence in entry.get("problems", ())]
        yield TableRow(entry["row"], columns, entry["cells"], problems)


def updated_records(the_import: Import) -> Iterator[Updated]:
    """Yield the kept samples of records that change."""
    for entry in _told(the_import, "updated"):
        kept = entry.get("kept", ())
        yield Updated(
            entry["row"],
            entry["title"],
            [_change(said, kept) for said in entry["changes"]],
        )


def _change(said: Sequence[str], kept: Collection[str]) -> Change:
    column, before, after, *named = said
    name = named[0] if named else ""
    return Change(column, before, after, name, is_applied=name not in kept)


def updated_record(the_import: Import, number: int) -> Updated | None:
    """Return what one row changes, or None when nothing is told of it."""
    return next((each for each in updated_records(the_import) if each.number == number), None)


def all_corrections(the_import: Import) -> list[Corrected]:
    """Return each correction once, the most frequent first."""
    found: dict[tuple[str, str], Corrected] = {}
    for entry in _told(the_import, "corrected"):
        known = found.get((entry["column"], entry["was"]))
        if known is None:
            found[entry["column"], entry["was"]] = Corrected(**entry)
        else:
            known.count += entry["count"]
    return sorted(found.values(), key=lambda each: -each.count)
