"""Reading records for an export: a batch at a time in the order of their list, however many there are."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from core.records.ordering import Key, in_order, keys_of
from core.records.reading import Reader
from core.records.registry import RecordType
from crm.transfer.export.columns import Columns

BATCH = 500
# So many records of one rank are put into their exact order; more take more memory than it is worth.
MOST_OF_A_RANK = 5_000

# An id, and after it the values it is ordered by.
type Place = Sequence[Any]


def exported_rows(
    rows: QuerySet[Any], record_type: RecordType, columns: Columns, order: str
) -> Iterator[list[str]]:
    """Yield what each record says in these columns, in this order of its list."""
    keys = keys_of(record_type.listing, order)
    rough = next((number for number, key in enumerate(keys, 1) if key.column.exact), 0)
    exact = keys[rough - 1].column.exact_fields if rough else ()
    wanted = partial(record_type.importer.export, names=[*columns.names, *exact])
    read = Reader(rows.model, wanted)
    written = [field.written for field in columns.fields]
    sorts = [key.column.sort for key in keys]
    places = in_order(rows, record_type.listing, order).values_list("pk", *sorts)
    for batch in _batches(places.iterator(BATCH), rough):
        records = read([place[0] for place in batch])
        for record in _exactly(records, batch, keys[:rough]):
            yield [write(record) if write else "" for write in written]


def _batches(places: Iterator[Place], rough: int) -> Iterator[list[Place]]:
    """Yield the places in batches that hold all records of a rank, as far as the rank is not endless."""
    batch: list[Place] = []
    for place in places:
        goes_on = rough and batch and _rank(batch[-1], rough) == _rank(place, rough)
        if len(batch) >= BATCH and not (goes_on and len(batch) < MOST_OF_A_RANK):
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _rank(place: Place, rough: int) -> Place:
    """Return the values up to the one that orders only roughly."""
    return place[1 : rough + 1]


def _exactly(records: list[Any], batch: list[Place], keys: list[Key]) -> Iterator[Any]:
    """Yield the records of each rank in the exact order of the last key; without one, as they are."""
    if not keys:
        yield from records
        return
    ranks = {place[0]: _rank(place, len(keys)) for place in batch}
    exact: Any = keys[-1].column.exact
    for _same, shelf in groupby(records, key=lambda record: ranks[record.pk]):
        yield from sorted(shelf, key=exact, reverse=keys[-1].is_descending)
