"""The refused rows as a file: the columns they came with, and why each was refused."""

import csv
import io

from django.utils.translation import gettext as _

from crm.transfer.harmless import harmless
from crm.transfer.models import Import
from crm.transfer.notes import TableRow, column_names, refused_rows
from crm.transfer.reading.table import Layout


def refused_file(the_import: Import) -> bytes:
    """Return the refused rows as CSV that any spreadsheet reads as UTF-8."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=Layout.from_json(the_import.layout).delimiter or ",")
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
