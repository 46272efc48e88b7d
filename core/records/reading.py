"""Records by their ids, with everything that is shown of them, in one round trip."""

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.actors import Actor
from core.prepared import Prepared, any_of, ask_together, listed
from core.records.lists import ListQuery, ListsQuerySet, hand_out

type Prepare = Callable[[QuerySet[Any]], QuerySet[Any]]


class Reader:
    """Reads records of one type as `prepare` wants them; the queries are put together once."""

    def __init__(self, model: Any, prepare: Prepare) -> None:
        condition = any_of(f'"{model._meta.db_table}"."id"')
        self.records = Prepared(lambda: prepare(model._default_manager.filter(condition)))

    def __call__(self, ids: Sequence[UUID]) -> list[Any]:
        """Return the records with these ids, in the order of the ids."""
        if not ids:
            return []
        queries = [self.records, *(query for _name, query in self._lists)]
        wanted = listed(ids)
        found, *lists = ask_together([(query, [wanted]) for query in queries])
        for (name, _query), rows in zip(self._lists, lists, strict=True):
            hand_out(found, name, rows)
        # By numbers, as ids themselves take longer to be looked up.
        known = {record.pk.int: record for record in found}
        return [known[pk.int] for pk in ids if pk.int in known]

    @cached_property
    def _lists(self) -> list[ListQuery]:
        rows = self.records.rows
        return rows.list_queries() if isinstance(rows, ListsQuerySet) else []


def visible_one(model: Any, prepare: Prepare, pk: UUID, actor: Actor) -> Any | None:
    """Return the record with all that is shown of it, or None where the actor may not see it."""
    found = reader_of(model, prepare)([pk])
    return next((record for record in found if record.is_visible_to(actor)), None)


@cache
def reader_of(model: Any, prepare: Prepare) -> Reader:
    """Return the reader that is kept for this way of reading."""
    return Reader(model, prepare)
