"""Reading a file of rows: what it is, what its columns are called, then row by row in little memory."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import OperationError

MOST_COLUMNS = 200
LONGEST_CELL = 100_000
DELIMITERS = (",", ";", "\t")
SAMPLE_CHARACTERS = 200_000
SAMPLE_ROWS = 50
FIRST_ROW = 2  # what a spreadsheet shows beside the first row below the header
SIGNATURES: dict[bytes, Promise] = {
    b"PK\x03\x04": gettext_lazy(
        "This is an Excel workbook. Save it as “CSV UTF-8” and choose that file."
    ),
    b"\xd0\xcf\x11\xe0": gettext_lazy(
        "This is an old Excel workbook. Save it as “CSV UTF-8” and choose that file."
    ),
    b"%PDF": gettext_lazy("This is a PDF document, not a table. Choose a CSV file."),
    b"\xff\xfe": gettext_lazy(
        "The file is in UTF-16. Save it as “CSV UTF-8” and choose that file."
    ),
    b"\xfe\xff": gettext_lazy(
        "The file is in UTF-16. Save it as “CSV UTF-8” and choose that file."
    ),
}


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
class Table:
    """What a file turned out to be: its delimiter, its columns, and its first rows."""

    delimiter: str
    columns: list[str]
    sample: list[Row]


def checked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Hand the chunks on, or raise BadFile as soon as they are not UTF-8 text."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    is_empty = True
    for chunk in chunks:
        if is_empty:
            refuse_other_kinds(chunk)
        is_empty = is_empty and not chunk.strip()
        _decode(decoder, chunk, is_final=False)
        yield chunk
    if is_empty:
        raise BadFile(gettext_lazy("The file is empty."))
    _decode(decoder, b"", is_final=True)


def refuse_other_kinds(start: bytes) -> None:
    """Raise BadFile when a file begins like a workbook, a document or another encoding."""
    for signature, sentence in SIGNATURES.items():
        if start.startswith(signature):
            raise BadFile(sentence)


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, *, is_final: bool) -> None:
    if b"\0" in chunk:
        raise BadFile(
            gettext_lazy("The file holds null bytes, so it is not a text file. Choose a CSV file.")
        )
    try:
        decoder.decode(chunk, is_final)
    except UnicodeDecodeError:
        raise BadFile(
            gettext_lazy(
                "The file is not in UTF-8. Save it as “CSV UTF-8”, so that no letter is lost, and choose that file."
            )
        ) from None


def look_at(chunks: Iterable[bytes]) -> Table:
    """Return what the file is, from its beginning; BadFile when no table can be made of it."""
    text = _beginning(chunks)
    delimiter = detect_delimiter(text)
    rows = _parsed(io.StringIO(text, newline=""), delimiter)
    columns = name_columns(next(rows, []))
    sample: list[Row] = []
    for row in filter(_is_filled, rows):
        if len(sample) == SAMPLE_ROWS:
            break
        sample.append(row)
    if not sample:
        raise BadFile(gettext_lazy("The file has a header and no rows below it."))
    return Table(delimiter, columns, sample)


def _beginning(chunks: Iterable[bytes]) -> str:
    """Return the first part of the text, cut behind a whole line if it is cut at all."""
    text = ""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    for chunk in chunks:
        text += decoder.decode(chunk)
        if len(text) > SAMPLE_CHARACTERS:
            return text[: text.rfind("\n") + 1] or text
    return text


def detect_delimiter(text: str) -> str:
    """Return the delimiter under which most of the first rows are as wide as the header."""
    return max(DELIMITERS, key=lambda delimiter: _fit(text, delimiter))


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


def name_columns(header: Row | list[str]) -> list[str]:
    """Return the columns' names; BadFile when there are too many or two have one name."""
    cells = header.cells if isinstance(header, Row) else header
    names = [" ".join(cell.split()) for cell in cells]
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


def read_rows(chunks: Iterator[bytes], delimiter: str) -> Iterator[Row]:
    """Yield the rows below the header, holding one chunk at a time."""
    stream = io.TextIOWrapper(
        io.BufferedReader(cast(Any, _Chunks(chunks))), encoding="utf-8-sig", newline=""
    )
    rows = _parsed(stream, delimiter)
    next(rows, None)
    yield from filter(_is_filled, rows)


def _parsed(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """Yield header and rows. Numbers count like a spreadsheet: empty lines are rows, too."""
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = FIRST_ROW - 2
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadFile(_explained(error, number)) from None
        if cells:
            yield Row(number, cells)


def _is_filled(row: Row) -> bool:
    return any(row.cells)


def _explained(error: csv.Error, number: int) -> str:
    if "field limit" in str(error):
        return _(
            "Row %(row)s has a cell of more than %(most)s characters. Often a closing quotation mark is missing there."
        ) % {"row": number, "most": LONGEST_CELL}
    return _(
        "The quotation marks in row %(row)s do not match, so nothing after it can be read."
    ) % {"row": number}


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a file that can only be read on."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._pending = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._pending:
            try:
                self._pending = next(self._chunks)
            except StopIteration:
                return 0
        size = min(len(buffer), len(self._pending))
        buffer[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        return size
