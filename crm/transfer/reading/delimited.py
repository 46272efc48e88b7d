"""Text with delimiters between its cells: CSV, TSV and their kin."""

import csv
import io
from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.transfer.reading.borrowing import from_the_start
from crm.transfer.reading.encodings import LABELS, decoding, without_mark
from crm.transfer.reading.table import (
    FIRST_ROW,
    LONGEST_CELL,
    SAMPLE_ROWS,
    BadFile,
    Layout,
    Row,
    Table,
    filled,
    name_columns,
    sampled,
)

DELIMITERS = (",", ";", "\t", "|")
DELIMITER_LABELS = {
    ",": gettext_lazy("Comma"),
    ";": gettext_lazy("Semicolon"),
    "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Vertical bar"),
}
SAMPLE_CHARACTERS = 200_000
LONGEST_LINE = 2**21
# What the csv module says of a cell that is too long.
_FIELD_LIMIT = "field limit"


class Delimited:
    """Reads text row by row, as its layout says."""

    def look(self, file: BinaryIO, layout: Layout) -> Table:
        text = self._beginning(file, layout)
        rows = _parsed(io.StringIO(text, newline=""), layout)
        first = next(rows, None)
        columns = name_columns(first.cells if first else [])
        return Table(layout, columns, sampled(rows))

    def rows(self, file: BinaryIO, layout: Layout) -> Iterator[Row]:
        rows = _parsed(_lines(_text_of(file, layout)), layout)
        next(rows, None)
        yield from filled(rows)

    def _beginning(self, file: BinaryIO, layout: Layout) -> str:
        """Return the first part of the text, cut behind a whole line if it is cut at all."""
        text = _read(file, layout)
        return text if len(text) < SAMPLE_CHARACTERS else text[: text.rfind("\n") + 1] or text


def detect_delimiter(file: BinaryIO, encoding: str) -> str:
    """Return the delimiter under which most of the first rows are as wide as the header."""
    text = _read(file, Layout(encoding=encoding))
    return max(DELIMITERS, key=lambda delimiter: _fit(text, delimiter))


def _text_of(file: BinaryIO, layout: Layout) -> io.TextIOWrapper:
    text = io.TextIOWrapper(from_the_start(file), encoding=decoding(layout.encoding), newline="")
    if layout.encoding.startswith("utf-16"):
        _skip_mark(text)
    return text


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the lines; one that never ends is refused before it fills the memory."""
    for line in iter(partial(text.readline, LONGEST_LINE), ""):
        if len(line) == LONGEST_LINE:
            raise csv.Error(_FIELD_LIMIT)
        yield line


def _skip_mark(text: io.TextIOWrapper) -> None:
    start = text.tell()
    if text.read(1) != "\ufeff":
        text.seek(start)


def _read(file: BinaryIO, layout: Layout) -> str:
    try:
        return without_mark(_text_of(file, layout).read(SAMPLE_CHARACTERS))
    except UnicodeDecodeError:
        raise BadFile(_not_in(layout)) from None


def _not_in(layout: Layout) -> str:
    return _("The file is not in %(encoding)s. Choose another encoding.") % {
        "encoding": LABELS.get(layout.encoding, layout.encoding)
    }


def _fit(text: str, delimiter: str) -> tuple[int, int]:
    widths: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if cells:
                widths.append(len(cells))
            if len(widths) > SAMPLE_ROWS:
                break
    except csv.Error:
        return 0, 0
    width = widths[0] if widths else 0
    return (widths.count(width), width) if width > 1 else (0, 0)


def _parsed(lines: Iterable[str], layout: Layout) -> Iterator[Row]:
    """Yield header and rows. Numbers count like a spreadsheet: empty lines are rows, too."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, delimiter=layout.delimiter, strict=True)
    number = FIRST_ROW - 2
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFile(_explained(error, number)) from None
        except UnicodeDecodeError:
            raise BadFile(_unreadable(layout, number)) from None
        if cells:
            yield Row(number, cells)


def _unreadable(layout: Layout, number: int) -> str:
    return _("From row %(row)s on, the file is not in %(encoding)s. Choose another encoding.") % {
        "row": number,
        "encoding": LABELS.get(layout.encoding, layout.encoding),
    }


def _explained(error: csv.Error, number: int) -> str:
    if _FIELD_LIMIT in str(error):
        return _(
            "Row %(row)s has a cell of more than %(most)s characters. Often a closing quotation mark is missing there."
        ) % {"row": number, "most": LONGEST_CELL}
    return _(
        "The quotation marks in row %(row)s do not match, so nothing after it can be read."
    ) % {"row": number}
