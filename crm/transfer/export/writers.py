"""The kinds of files an export can be, each written piece by piece."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.transfer.export.cards import write_cards
from crm.transfer.export.columns import Columns
from crm.transfer.export.workbook import write_workbook
from crm.transfer.harmless import harmless

type Rows = Iterable[list[str]]
PIECE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. A format that only holds some fields names one that it cannot do without."""

    name: str
    label: str | Promise
    suffix: str
    content_type: str
    write: Callable[[Columns, Rows], Iterator[bytes]]
    needs: str = ""


def write_csv(columns: Columns, rows: Rows) -> Iterator[bytes]:
    """Yield the rows as CSV any spreadsheet reads as UTF-8, and computes nothing of."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    yield b"\xef\xbb\xbf"
    writer.writerow(map(harmless, columns.labels))
    for row in rows:
        writer.writerow([harmless(text) for text in row])
        if written.tell() > PIECE:
            yield _taken(written)
    yield _taken(written)


def _taken(written: io.StringIO) -> bytes:
    piece = written.getvalue().encode()
    written.seek(0)
    written.truncate()
    return piece


SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {
    each.name: each
    for each in (
        Format("csv", _("CSV, for any program"), "csv", "text/csv; charset=utf-8", write_csv),
        Format("xlsx", _("Excel workbook (XLSX)"), "xlsx", SHEET, write_workbook),
        Format(
            "vcard",
            _("vCard, for address books"),
            "vcf",
            "text/vcard; charset=utf-8",
            write_cards,
            "family_name",
        ),
    )
}
