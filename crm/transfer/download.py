"""The refused rows as a file: the columns they came with, and why each was refused."""

import csv
import io
import re

from django.utils.translation import gettext as _

from crm.transfer.models import Import
from crm.transfer.notes import TableRow, column_names, refused_rows

# What a spreadsheet would take for a formula. Numbers, telephone numbers among them, are harmless.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_HARMLESS = re.compile(r"[+-]?[\d\s().,/-]+")


def refused_file(the_import: Import) -> bytes:
    """Return the refused rows as CSV that any spreadsheet reads as UTF-8."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=the_import.delimiter)
    writer.writerow([*map(harmless, column_names(the_import)), _("Reason")])
    for row in refused_rows(the_import):
        writer.writerow([*map(harmless, _padded(row)), harmless(reason(row))])
    return written.getvalue().encode("utf-8-sig")


def _padded(row: TableRow) -> list[str]:
    """A short row gets empty cells, so that the reason stands in its column."""
    return row.cells + [""] * (len(row.columns) - len(row.cells))


def reason(row: TableRow) -> str:
    """Return everything that is wrong with the row in one line."""
    return " ".join(
        f"{column}: {sentence}" if column else sentence for column, sentence in row.problems
    )


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet computes it; our own reading takes the mark off again."""
    if _FORMULA.match(text) and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text
