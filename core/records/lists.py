"""The lists that belong to a record, such as addresses and numbers, read for many records at once."""

from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models

from core.isolation.rows import WorkspaceQuerySet
from core.prepared import Prepared, any_of, ask_together, listed

type ListQuery = tuple[str, Prepared[Any]]


class ListsQuerySet[R: models.Model](WorkspaceQuerySet[R]):
    """Reads of records that bring their lists along.

    Django's prefetch does the same, but makes a queryset for every list of every record, which
    takes longer than all queries of a page together.
    """

    _lists: tuple[str, ...] = ()
    _related: tuple[str, ...] = ()

    def with_lists(self, *lists: str, related: tuple[str, ...] = ()) -> Self:
        """Read these lists of each record along, each with these related rows: one round trip."""
        rows = self._chain()  # type: ignore[attr-defined]
        rows._lists, rows._related = lists or self.model.lists, related  # type: ignore[attr-defined]
        return rows

    def list_queries(self) -> list[ListQuery]:
        """Return the queries of the lists to be read along, each by the ids of the records."""
        return [(name, list_query(self.model, name, self._related)) for name in self._lists]

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._lists, clone._related = self._lists, self._related
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self._lists and self._result_cache:
            read_lists(self._result_cache, self.list_queries())


@cache
def list_query(model: Any, name: str, related: tuple[str, ...]) -> Prepared[Any]:
    """Return the query for the rows of this list, by the ids of the records they belong to."""
    owner = model._meta.get_field(name).field
    table = owner.model._meta.db_table
    joined = [path for path in related if path in {each.name for each in owner.model._meta.fields}]

    def build() -> models.QuerySet[Any]:
        rows = owner.model._default_manager.filter(any_of(f'"{table}"."{owner.column}"'))
        rows = rows.order_by("position", "pk")
        return without_unshown(rows.select_related(*joined), *joined) if joined else rows

    return Prepared(build)


def without_unshown[Q: models.QuerySet[Any]](rows: Q, *related: str) -> Q:
    """Leave out what no page shows of these related rows, such as what they are found by."""
    fields = (rows.model._meta.get_field(path) for path in related)
    unshown = {field.name: getattr(field.related_model, "unshown", ()) for field in fields}
    return rows.defer(*(f"{path}__{name}" for path, names in unshown.items() for name in names))


def read_lists(records: Sequence[Any], queries: Sequence[ListQuery]) -> None:
    """Give each record its rows of these lists, in the order of their positions."""
    ids = listed(record.pk for record in records)
    answers = ask_together([(query, [ids]) for _name, query in queries])
    for (name, _query), rows in zip(queries, answers, strict=True):
        hand_out(records, name, rows)


def hand_out(records: Sequence[Any], name: str, rows: Sequence[Any]) -> None:
    """Give each of these records those of the rows that are its own."""
    of_each: dict[UUID, list[Any]] = {record.pk: [] for record in records}
    if rows:
        owner = records[0]._meta.get_field(name).field.attname
        for row in rows:
            of_each[getattr(row, owner)].append(row)
    for record in records:
        record.keep_list(name, of_each[record.pk])


class WithLists(models.Model):
    """A record with lists. `lists` names them; `list_related` is read along when one is asked for."""

    lists: ClassVar[tuple[str, ...]] = ()
    list_related: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def listed(self, name: str) -> list[Any]:
        """Return the record's rows of one list; asked of the database unless they were read along."""
        kept = self.__dict__.get("kept_lists", {})
        if name not in kept:
            read_lists([self], [(name, list_query(type(self), name, self.list_related))])
        return self.__dict__["kept_lists"][name]

    def keep_list(self, name: str, rows: list[Any]) -> None:
        """Let the record know its rows of one list."""
        self.__dict__.setdefault("kept_lists", {})[name] = rows

    def main(self, name: str) -> Any:
        """Return the primary row of one list, or None."""
        return next((row for row in self.listed(name) if row.is_primary), None)
