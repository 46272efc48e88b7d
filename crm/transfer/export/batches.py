"""Reading records for an export: a batch at a time, each taken up behind the last, however many there are."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from core.records.registry import RecordType
from crm.transfer.export.columns import Columns

BATCH = 500


def exported_rows(
    rows: QuerySet[Any], record_type: RecordType, columns: Columns
) -> Iterator[list[str]]:
    """Yield what each record says in these columns, in the order the records were made."""
    last: Any = None
    while True:
        following = rows.filter(pk__gt=last) if last else rows
        batch = list(record_type.importer.prepare(following.order_by("pk"))[:BATCH])
        for record in batch:
            yield columns.texts(record)
        if len(batch) < BATCH:
            return
        last = batch[-1].pk
