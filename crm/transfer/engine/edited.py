"""A file's rows as somebody left them while checking: some with other cells, some not there at all."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from crm.transfer import files
from crm.transfer.reading.files import read_rows
from crm.transfer.reading.table import Layout, Row

# By a row's number, its cells as they count now (none when it is skipped), and how it was refused.
type Edits = Mapping[str, Mapping[str, Any]]


def edited_rows(pk: UUID, layout: Layout, edits: Edits) -> Iterator[Row]:
    """Yield the file's rows, with what somebody corrected and without what they skipped."""
    with files.opened(pk) as file:
        for row in read_rows(file, layout):
            edit = edits.get(str(row.number)) if edits else None
            if edit is None:
                yield row
            elif edit["cells"] is not None:
                yield Row(row.number, edit["cells"])


def skipped_in(edits: Edits) -> int:
    """Return how many rows somebody skipped."""
    return sum(1 for edit in edits.values() if edit["cells"] is None)
