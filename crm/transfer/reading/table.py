"""What every file of rows turns out to be: how it is laid out, its columns, its rows."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, BinaryIO, Literal, NamedTuple, Protocol, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import OperationError

type Kind = Literal["text", "workbook", "cards"]

MOST_COLUMNS = 200
LONGEST_CELL = 100_000
SAMPLE_ROWS = 50
FIRST_ROW = 2  # what a spreadsheet shows beside the first row below the header


class BadFile(OperationError):
    """The file as a whole cannot be read; the sentence says why and what helps."""

    code = "bad_file"
    status = 422

    def __init__(self, message: str | Promise) -> None:
        super().__init__()
        self.message = message


class Row(NamedTuple):
    """A row with the number a spreadsheet shows beside it."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is to be read; what does not apply to its kind is empty."""

    kind: Kind = "text"
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any] | None) -> Self:
        return cls(**(kept or {}))

    def changed(self, **choices: str) -> Self:
        """Return the layout with what somebody chose instead."""
        wanted = {name: value for name, value in choices.items() if value}
        return type(self)(**{**asdict(self), **wanted})


@dataclass(frozen=True, slots=True)
class Table:
    """What a file turned out to be: its layout, its columns, its first rows, the sheets to choose from."""

    layout: Layout
    columns: list[str]
    sample: list[Row]
    sheets: tuple[str, ...] = ()

    def texts(self, at: int) -> list[str]:
        """Return what stands in the first rows of a column."""
        cells = (row.cells[at].strip() for row in self.sample if at < len(row.cells))
        return [text for text in cells if text]


class Reader(Protocol):
    """What a kind of file needs to be read. A file can be read from any place, more than once."""

    def look(self, file: BinaryIO, layout: Layout) -> Table:
        """Return what the file is, from its beginning; BadFile when no table can be made of it."""

    def rows(self, file: BinaryIO, layout: Layout) -> Iterator[Row]:
        """Yield the rows below the header, in little memory."""


def name_columns(header: Iterable[str]) -> list[str]:
    """Return the columns' names, BadFile when there are too many or two have one name."""
    names = [" ".join(cell.split()) for cell in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise BadFile(gettext_lazy("The first row is empty. It has to name the columns."))
    if len(names) > MOST_COLUMNS:
        raise BadFile(
            _("The file has %(count)s columns; at most %(most)s can be imported.")
            % {"count": len(names), "most": MOST_COLUMNS}
        )
    names = [name or _("Column %(number)s") % {"number": at + 1} for at, name in enumerate(names)]
    _refuse_twins(names)
    return names


def _refuse_twins(names: list[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise BadFile(
                _("Two columns are called “%(name)s”. Rename one of them.") % {"name": name}
            )
        seen.add(name.casefold())


def filled(rows: Iterable[Row]) -> Iterator[Row]:
    """Leave out rows in which nothing stands."""
    return (row for row in rows if any(row.cells))


def sampled(rows: Iterator[Row]) -> list[Row]:
    """Return the first rows; BadFile when there are none."""
    sample = list(islice(filled(rows), SAMPLE_ROWS))
    if not sample:
        raise BadFile(gettext_lazy("The file has a header and no rows below it."))
    return sample


def refuse_long(cell_length: int, number: int) -> None:
    """Raise BadFile for a cell longer than any value could be."""
    if cell_length > LONGEST_CELL:
        raise BadFile(
            _("Row %(row)s has a cell of more than %(most)s characters.")
            % {"row": number, "most": LONGEST_CELL}
        )
