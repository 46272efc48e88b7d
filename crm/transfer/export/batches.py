"""Reading records for an export: a batch at a time, each taken up behind the last, however many there are."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.records.reading import Reader
from core.records.registry import RecordType
from crm.transfer.export.columns import Columns

BATCH = 500


def exported_rows(
    rows: QuerySet[Any], record_type: RecordType, columns: Columns
) -> Iterator[list[str]]:
    """Yield what each record says in these columns, in the order the records were made."""
    read = Reader(rows.model, partial(record_type.importer.export, names=columns.names))
    written = [field.written for field in columns.fields]
    for ids in _batches(rows):
        for record in read(ids):
            yield [write(record) if write else "" for write in written]


def _batches(rows: QuerySet[Any]) -> Iterator[list[UUID]]:
    ids = rows.order_by("pk").values_list("pk", flat=True)
    batch = list(ids[:BATCH])
    while batch:
        yield batch
        batch = list(ids.filter(pk__gt=batch[-1])[:BATCH])
