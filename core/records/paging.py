"""The rows of a list as its paginator sees them: chosen by id first, then read with all they show."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.records.ordering import ordered_ids
from core.records.reading import Reader
from core.records.registry import Listing


class Selection:
    """Filtered rows in their order. Choosing ids first lets everything else be a prepared query.

    A first page that is not full says how many rows there are; only others need to be counted.
    """

    ordered = True

    def __init__(
        self, rows: QuerySet[Any], listing: Listing, order: str, *, size: int, page: str | None
    ) -> None:
        self.rows, self.listing, self.order, self.size = rows, listing, order, size
        self.is_first = page in (None, "", "1")

    def read_with(self, reader: Reader) -> "Selection":
        """Read the rows of a page so."""
        self.reader = reader
        return self

    def count(self) -> int:
        if self.is_first and len(self._first) < self.size:
            return len(self._first)
        return self.rows.count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Any]:
        is_kept = self.is_first and part.start == 0
        return self.reader(self._first[part] if is_kept else self._ids(part))

    @cached_property
    def _first(self) -> list[UUID]:
        return self._ids(slice(0, self.size))

    def _ids(self, part: slice) -> list[UUID]:
        return ordered_ids(self.rows, self.listing, self.order, part)
