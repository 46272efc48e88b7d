"""The lists that belong to a record, such as addresses and numbers, read for many records at once."""

from collections.abc import Iterable, Sequence
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
    _named: tuple[str, ...] = ()

    def with_lists(
        self, *lists: str, related: tuple[str, ...] = (), named: tuple[str, ...] = ()
    ) -> Self:
        """Read these lists of each record along, in one round trip.

        `related` rows come along whole; of `named` ones only what they are called.
        """
        rows = self._chain()  # type: ignore[attr-defined]
        rows._lists = lists or self.model.lists  # type: ignore[attr-defined]
        rows._related, rows._named = related, named
        return rows

    def list_queries(self) -> list[ListQuery]:
        """Return the queries of the lists to be read along, each by the ids of the records."""
        return [
            (name, list_query(self.model, name, self._related, self._named)) for name in self._lists
        ]

    def _clone(self) -> Self:
        clone = super()._clone()
        clone._lists, clone._related, clone._named = self._lists, self._related, self._named
        return clone

    def _fetch_all(self) -> None:
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and self._lists and self._result_cache:
            read_lists(self._result_cache, self.list_queries())


@cache
def list_query(
    model: Any, name: str, related: tuple[str, ...] = (), named: tuple[str, ...] = ()
) -> Prepared[Any]:
    """Return the query for the rows of this list, by the ids of the records they belong to."""
    owner = model._meta.get_field(name).field
    row_model = owner.model
    fields = {each.name for each in row_model._meta.concrete_fields}

    def build() -> models.QuerySet[Any]:
        belongs = any_of(f'"{row_model._meta.db_table}"."{owner.column}"')
        rows = row_model._default_manager.filter(belongs).order_by("position", "pk")
        if joined := fields.intersection(related):
            rows = rows.select_related(*joined)
        if called := fields.intersection(named):
            rows = named_only(rows, *called, own=fields)
        return rows

    return Prepared(build)


def named_only[Q: models.QuerySet[Any]](rows: Q, *paths: str, own: Iterable[str]) -> Q:
    """Join these related rows for their names alone, and read only these fields of the rows' own."""
    names = {path: rows.model._meta.get_field(path).related_model.named_by for path in paths}
    called = (f"{path}__{name}" for path, parts in names.items() for name in parts)
    return rows.select_related(*paths).only(*own, *called)


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
