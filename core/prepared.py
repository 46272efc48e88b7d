"""Queries put together once and asked many times.

Putting a query together from expressions often takes longer than the database needs to answer it.
What every request asks is therefore compiled once; only the values differ, and several such
queries travel to the database together.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable

# Stands in a compiled query where a value is put in each time it is asked.
_OPEN: Any = object()


def given(condition: str, *, output_field: Any = None) -> RawSQL:
    """Return a condition in SQL, of names of our own, whose values are given with each question.

    With another output field it is an expression of that kind.
    """
    values = (_OPEN,) * condition.count("%s")
    return RawSQL(condition, values, output_field=output_field or BooleanField())  # noqa: S611  conditions of ours, values apart


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in SQL, of names of our own, with the values it is asked with."""

    sql: str
    values: tuple[Any, ...]

    def among[Q: QuerySet[Any]](self, rows: Q) -> Q:
        """Return those of the rows that meet it."""
        condition = RawSQL(self.sql, self.values, output_field=BooleanField())  # noqa: S611  our own query, values apart
        return rows.filter(condition)


def any_of(column: str) -> RawSQL:
    """Return the condition that a column is one of the ids `listed` gives with each question."""
    return given(f"{column} = ANY(%s::uuid[])")


def listed(ids: Iterable[UUID]) -> str:
    """Return the ids as PostgreSQL reads an array; one text is quicker to pass than many values."""
    return f"{{{','.join(map(str, ids))}}}"


class Prepared[M: Model]:
    """A query by conditions that are `given`; compiled when first asked, in whichever workspace."""

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        self.build = build

    @cached_property
    def rows(self) -> QuerySet[M]:
        return self.build()

    @cached_property
    def alias(self) -> str:
        """The database it is asked of; known from the first asking, which may be in any workspace."""
        return self.rows.db

    @cached_property
    def _compiler(self) -> Any:
        return self.rows.query.get_compiler(using=self.alias)

    @cached_property
    def _said(self) -> tuple[str, Sequence[Any]]:
        sql, values = self._compiler.as_sql()
        return sql, values

    def ask(self, *values: Any) -> list[M]:
        """Return the rows for these values."""
        return ask_together([(self, values)])[0]

    def one(self, *values: Any) -> M | None:
        """Return the first row for these values, or None."""
        return next(iter(self.ask(*values)), None)

    def said(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """Return the query in SQL, with these values where it was left open."""
        left: Iterator[Any] = iter(values)
        sql, known = self._said
        return sql, [next(left) if value is _OPEN else value for value in known]

    @cached_property
    def _converters(self) -> dict[int, Any]:
        """What makes of columns what fields hold; put together once, as it takes long."""
        compiler = self._compiler
        converters: dict[int, Any] = compiler.get_converters(
            [each[0] for each in compiler.select[: compiler.col_count]]
        )
        return converters

    def made_of(self, answer: Sequence[Any]) -> list[M]:
        """Return the model's rows for what the database answered."""
        if not answer:
            return []
        converters = self._converters
        compiler = copy.copy(self._compiler)
        compiler.connection = connections[self.alias]
        compiler.execute_sql = lambda **options: [answer]
        compiler.get_converters = lambda expressions: converters
        answered: Any = _Answered(compiler, self.alias, self.rows._fetch_mode)  # type: ignore[attr-defined]
        return list(ModelIterable(answered))


@dataclass(slots=True)
class _Answered:
    """What Django's own reading of rows asks of a queryset, for a query that was answered already."""

    compiler: Any
    db: str
    _fetch_mode: Any
    _known_related_objects: dict[Any, Any] = field(default_factory=dict)

    @property
    def query(self) -> "_Answered":
        return self

    def get_compiler(self, using: str) -> Any:
        return self.compiler


def places_and_count(places: QuerySet[Any, Any], counted: QuerySet[Any]) -> tuple[list[Any], int]:
    """Return the rows of a `values_list`, and the number of other rows; both in one round trip."""
    compiler = places.query.get_compiler(using=places.db)
    try:
        sql, values = compiler.as_sql()
        number, more = counted.query.sql_with_params()
    except EmptyResultSet:
        return list(places), counted.count()
    # Put together from two queries of our own; what people typed is among the values.
    both = f"{sql}; SELECT COUNT(*) FROM ({number}) counted"  # noqa: S608  two queries of our own
    with connections[counted.db].cursor() as cursor:
        cursor.execute(both, [*values, *more])
        found = list(compiler.results_iter([cursor.fetchall()], tuple_expected=True))
        cursor.nextset()
        return found, cursor.fetchone()[0]


def ask_together(questions: Sequence[tuple[Prepared[Any], Sequence[Any]]]) -> list[list[Any]]:
    """Return the rows each question finds; all of them in one round trip."""
    said = [prepared.said(values) for prepared, values in questions]
    first = questions[0][0]
    with connections[first.alias].cursor() as cursor:
        cursor.execute(
            "; ".join(sql for sql, _ in said), [each for _, all_ in said for each in all_]
        )
        answers = []
        for number in range(len(said)):
            if number:
                cursor.nextset()
            answers.append(cursor.fetchall())
    return [
        prepared.made_of(answer) for (prepared, _), answer in zip(questions, answers, strict=True)
    ]
