"""Excel workbooks: one sheet of them, its cells as the spreadsheet shows them, formulas by their last result."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import chain
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext_lazy as _

from crm.transfer.reading.archives import unpacked
from crm.transfer.reading.spreadsheet_xml import (
    Attributes,
    Cell,
    SheetParser,
    Strings,
    each_start,
    local,
    read_strings,
)
from crm.transfer.reading.table import BadFile, Layout, Row, Table, filled, name_columns, sampled

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STRINGS = "xl/sharedStrings.xml"
STYLES = "xl/styles.xml"
NO_WORKBOOK = _("This is a packed file, but no Excel workbook. Choose an XLSX or a CSV file.")
NO_SHEETS = _("The workbook has no sheet with rows.")
BUILT_IN_DAYS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
BUILT_IN_PERCENT = frozenset((9, 10))
EPOCH_1900, EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  no zone
# What stands in quotes, brackets or behind a backslash is shown as it is.
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_EXCEL_MOST_DAYS = 2_958_466


@dataclass(slots=True)
class Book:
    """What the sheets of a workbook share."""

    sheets: dict[str, str]
    formats: list[str]
    epoch: datetime


class Workbooks:
    """Reads a sheet row by row."""

    def look(self, file: BinaryIO, layout: Layout) -> Table:
        with unpacked(file) as archive:
            book = _book(archive)
            name = layout.sheet if layout.sheet in book.sheets else _first_filled(archive, book)
            layout = layout.changed(sheet=name)
            rows = _sheet_rows(archive, book, name)
            first = next(rows, None)
            columns = name_columns(first.cells if first else [])
            return Table(layout, columns, sampled(_padded(rows, len(columns))), tuple(book.sheets))

    def rows(self, file: BinaryIO, layout: Layout) -> Iterator[Row]:
        with unpacked(file) as archive:
            book = _book(archive)
            rows = _sheet_rows(archive, book, layout.sheet or next(iter(book.sheets)))
            header = name_columns(next(rows).cells)
            yield from _padded(filled(rows), len(header))


def _padded(rows: Iterator[Row], width: int) -> Iterator[Row]:
    """A spreadsheet does not store the empty cells at the end of a row."""
    for row in rows:
        cells = row.cells
        yield row if len(cells) >= width else Row(row.number, cells + [""] * (width - len(cells)))


def _book(archive: zipfile.ZipFile) -> Book:
    if WORKBOOK not in archive.namelist():
        raise BadFile(NO_WORKBOOK)
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}
    epochs: list[datetime] = []

    def relate(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def collect(tag: str, attributes: Attributes) -> None:
        if tag == "sheet":
            link = next((v for k, v in attributes.items() if local(k) == "id" and ":" in k), "")
            sheets[attributes.get("name", "")] = _part(targets.get(link, ""))
        elif tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            epochs.append(EPOCH_1904)

    _read(archive, RELATIONS, relate)
    _read(archive, WORKBOOK, collect)
    known = {name: part for name, part in sheets.items() if part in archive.namelist()}
    if not known:
        raise BadFile(NO_SHEETS)
    return Book(known, _formats(archive), epochs[0] if epochs else EPOCH_1900)


def _part(target: str) -> str:
    return posixpath.normpath(
        target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
    )


def _read(archive: zipfile.ZipFile, part: str, take: Any) -> None:
    if part in archive.namelist():
        with archive.open(part) as source:
            each_start(cast(BinaryIO, source), take)


def _formats(archive: zipfile.ZipFile) -> list[str]:
    """Return for each style how its numbers are to be shown: as day, percent, or as they are."""
    custom: dict[int, str] = {}
    found: list[str] = []
    inside = [""]

    def take(tag: str, attributes: Attributes) -> None:
        if tag == "numFmt":
            custom[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif tag == "xf" and inside[0] == "cellXfs":
            found.append(_kind_of(int(attributes.get("numFmtId", 0)), custom))
        elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            inside[0] = tag

    _read(archive, STYLES, take)
    return found


def _kind_of(number: int, custom: dict[int, str]) -> str:
    if number in custom:
        shown = _LITERAL.sub("", custom[number].partition(";")[0]).lower()
        if "%" in shown:
            return "percent"
        return "day" if re.search(r"[dyhms年月日]", shown) and "general" not in shown else ""
    if number in BUILT_IN_DAYS:
        return "day"
    return "percent" if number in BUILT_IN_PERCENT else ""


def _first_filled(archive: zipfile.ZipFile, book: Book) -> str:
    for name in book.sheets:
        if next(_raw_rows(archive, book.sheets[name]), None):
            return name
    raise BadFile(NO_SHEETS)


def _raw_rows(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, list[Cell]]]:
    with archive.open(part) as source:
        for number, cells in SheetParser().rows(cast(BinaryIO, source)):
            if cells:
                yield number, cells


def _sheet_rows(archive: zipfile.ZipFile, book: Book, name: str) -> Iterator[Row]:
    part = book.sheets.get(name)
    if part is None:
        raise BadFile(NO_SHEETS)
    rows = _raw_rows(archive, part)
    first = next(rows, None)
    strings = _strings(archive) if first else Strings()
    for number, cells in chain([first] if first else [], rows):
        texts = [""] * cells[-1][0] if cells else []
        for place, kind, style, text in cells:
            if place > len(texts):
                texts += [""] * (place - len(texts))
            texts[place - 1] = _shown(kind, style, text, strings, book)
        yield Row(number, texts)


def _strings(archive: zipfile.ZipFile) -> Strings:
    if STRINGS not in archive.namelist():
        return Strings()
    with archive.open(STRINGS) as source:
        return read_strings(cast(BinaryIO, source))


def _shown(kind: str, style: int, text: str, strings: Strings, book: Book) -> str:
    """Return a cell's value as a person reads it."""
    if kind == "s":
        text = strings[int(text)] if text.isdecimal() else ""
        return _unescaped(text)
    if kind in ("inlineStr", "str"):
        return _unescaped(text)
    if kind == "b":
        return "TRUE" if text == "1" else "FALSE"
    if kind != "n":
        return text
    shown = book.formats[style] if style < len(book.formats) else ""
    return _number_shown(text, shown, book.epoch)


@lru_cache(maxsize=4096)
def _number_shown(text: str, shown: str, epoch: datetime) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if shown == "day" and 0 <= number < _EXCEL_MOST_DAYS:
        return _day_shown(number, epoch)
    if shown == "percent":
        return f"{_plain(number * 100)}%"
    return _plain(number)


def _plain(number: Decimal) -> str:
    """Return the number without what binary fractions leave behind: 0.1, not 0.1000000000000000055."""
    rounded = Decimal(f"{number:.15g}")
    return f"{rounded.quantize(1):f}" if rounded == rounded.to_integral() else f"{rounded:f}"


def _day_shown(number: Decimal, epoch: datetime) -> str:
    # The calendar of 1900 counts a 29th of February there never was.
    days = number + 1 if epoch == EPOCH_1900 and number < 60 else number
    moment = epoch + timedelta(seconds=round(float(days) * 86_400))
    if number < 1:
        return f"{moment:%H:%M:%S}"
    return (
        f"{moment:%Y-%m-%d}"
        if moment.time() == datetime.min.time()
        else f"{moment:%Y-%m-%d %H:%M:%S}"
    )


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
