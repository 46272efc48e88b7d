"""Models with sealed fields, their querysets, and writing and reading many of them at once."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import batched
from typing import Any, Self, cast
from uuid import UUID

from django.db import connections, models, router, transaction

from compliance.encryption.errors import PlaintextRefused
from compliance.encryption.fields import Field, SealedField, subject_of
from compliance.encryption.indexes import (
    ExactIndexField,
    PrefixIndexField,
    StartIndexField,
    TokenIndexField,
    WordIndexField,
    index_fields,
)
from compliance.encryption.keyring import create_subject_keys, ensure_subject_keys
from compliance.encryption.values import Draft, Sealed

UPDATE_BATCH = 500


class SealedQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Asks sealed fields through their indexes, and prepares keys before many rows are sealed."""

    def where(self, **values: str | None) -> Self:
        """Return the rows whose sealed fields have exactly these values, as normalised."""
        found = self
        for source, value in values.items():
            found = found.where_any(source, [value])
        return found

    def where_any(self, source: str, values: Iterable[str | None]) -> Self:
        """Return the rows whose sealed field has one of these values."""
        field = exact_index(self.model, source)
        indexes = {field.index_of([value]) for value in values if value}
        return self.filter(**{f"{field.attname}__in": indexes - {None}})

    def matching_prefix(self, query: str) -> Self:
        """Return candidates having, for every word of the query, a word that begins with it.

        A query too short to be asked finds nothing. What is found still has to pass
        `prefix_matcher` once opened: hashes may collide, and long words are cut.
        """
        return self._having(prefix_index(self.model), query)

    def matching_words(self, query: str) -> Self:
        """Return candidates having every word of the query; they still have to pass `word_matcher`."""
        return self._having(word_index(self.model), query)

    def beginning(self, query: str) -> Self:
        """Return candidates whose text begins so; they still have to pass `start_matcher`."""
        return self._having(start_index(self.model), query)

    def _having(self, index: TokenIndexField, query: str) -> Self:
        tokens = index.tokens_for(query)
        return self.filter(**{f"{index.attname}__contains": tokens}) if tokens else self.none()

    def order_by(self, *names: Any) -> Self:
        for name in names:
            if isinstance(name, str) and name.lstrip("-") in _sealed_names(self.model):
                raise PlaintextRefused(f"{name} is sealed: order by its rank, then open the page.")
        return super().order_by(*names)

    def bulk_create(self, objs: Iterable[Row], *args: Any, **kwargs: Any) -> list[Row]:
        rows = list(objs)
        create_subject_keys(_subjects(rows))
        return super().bulk_create(rows, *args, **kwargs)

    def bulk_update(self, objs: Iterable[Row], fields: Any, batch_size: int | None = None) -> int:
        if set(fields) & _sealed_names(self.model):
            raise PlaintextRefused("bulk_update does not seal: use sealed_bulk_update.")
        return super().bulk_update(objs, fields, batch_size)


class SealedModel(models.Model):
    """Keeps the indexes of sealed fields in step with them, whichever fields are saved."""

    objects: Any = SealedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding and subject_of(self) == self.pk:
            create_subject_keys([self.pk])
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = with_indexes(type(self), kwargs["update_fields"])
        super().save(*args, **kwargs)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        for field in index_fields(type(self)):
            field.refresh(self)
        super().validate_constraints(exclude)


def with_indexes(model: type[models.Model], names: Iterable[str]) -> set[str]:
    """Return the names together with those of the indexes that follow them."""
    wanted = set(names)
    followers = (field for field in index_fields(model) if wanted.intersection(field.sources))
    return wanted | {field.attname for field in followers}


def exact_index(model: type[models.Model], source: str) -> ExactIndexField:
    """Return the newest exact index of this sealed field."""
    indexes = [
        field
        for field in index_fields(model)
        if isinstance(field, ExactIndexField) and field.source == source
    ]
    if not indexes:
        raise LookupError(f"{model.__name__}.{source} has no exact index.")
    return max(indexes, key=lambda field: field.index_version)


@cache
def prefix_index(model: type[models.Model]) -> PrefixIndexField:
    """Return the newest prefix index of this model."""
    return _newest(model, PrefixIndexField)


@cache
def word_index(model: type[models.Model]) -> WordIndexField:
    """Return the newest word index of this model."""
    return _newest(model, WordIndexField)


@cache
def start_index(model: type[models.Model]) -> StartIndexField:
    """Return the newest index of beginnings of this model."""
    return _newest(model, StartIndexField)


def _newest[F: TokenIndexField](model: type[models.Model], kind: type[F]) -> F:
    indexes = [field for field in index_fields(model) if isinstance(field, kind)]
    if not indexes:
        raise LookupError(f"{model.__name__} has no {kind.purpose}.")
    return max(indexes, key=lambda field: field.index_version)


def prefix_matcher(model: type[models.Model], query: str) -> Callable[[models.Model], bool]:
    """Return the test that a row found by `matching_prefix` really matches."""
    return prefix_index(model).matcher(query)


def start_matcher(model: type[models.Model], query: str) -> Callable[[models.Model], bool]:
    """Return the test that a row found by `beginning` really matches."""
    return start_index(model).matcher(query)


def word_matcher(model: type[models.Model], query: str) -> Callable[[models.Model], bool]:
    """Return the test that a row found by `matching_words` really matches."""
    return word_index(model).matcher(query)


def reveal(rows: Iterable[dict[str, Any]], *names: str, pk: str = "pk") -> Iterator[dict[str, Any]]:
    """Open these values of `values()` rows; `pk` names the id of the row each was stored in."""
    # Materialised, so that one query loads the keys of all of them.
    for row in list(rows):
        opened = {
            name: value.shown(value.field, row[pk])
            for name in names
            if isinstance(value := row[name], Sealed) and value.field is not None
        }
        yield row | opened


def sealed_bulk_update(objs: Sequence[models.Model], fields: Iterable[str]) -> int:
    """Save these fields of many rows, sealed or plain, with their indexes; return how many rows."""
    if not objs:
        return 0
    model = type(objs[0])
    ensure_subject_keys(_subjects(objs))
    names = sorted(with_indexes(model, fields))
    columns = [cast(Field, model._meta.get_field(name)) for name in names]
    using = router.db_for_write(model)
    with transaction.atomic(using=using):
        return sum(
            _update_batch(model, batch, columns, using) for batch in batched(objs, UPDATE_BATCH)
        )


def reseal(objs: Sequence[models.Model]) -> int:
    """Seal what these rows hold anew, after they have passed to another person."""
    if not objs:
        return 0
    names = _sealed_names(type(objs[0]))
    for instance in objs:
        for field in _sealed_fields(type(instance)):
            value = field.opened(instance)
            instance.__dict__[field.attname] = None if value is None else Draft(value)
    return sealed_bulk_update(objs, names)


def _update_batch(
    model: type[models.Model],
    batch: Sequence[models.Model],
    columns: Sequence[Field],
    using: str,
) -> int:
    connection = connections[using]
    pk = model._meta.pk
    written: list[Any] = [pk, *columns]
    casts = ", ".join(f"%s::{field.db_type(connection)}" for field in written)
    quote: Callable[[Any], str] = connection.ops.quote_name
    table = quote(model._meta.db_table)
    new = ", ".join(quote(field.column) for field in written)
    changes = ", ".join(f"{quote(field.column)} = new.{quote(field.column)}" for field in columns)
    values = ", ".join([f"({casts})"] * len(batch))
    # Put together from nothing but names our own models declare.
    sql = (
        f"UPDATE {table} SET {changes}"  # noqa: S608
        f" FROM (VALUES {values}) AS new ({new})"
        f" WHERE {table}.{quote(pk.column)} = new.{quote(pk.column)}"
    )
    params = [
        field.get_db_prep_save(field.pre_save(row, False), connection)  # noqa: FBT003
        for row in batch
        for field in written
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def _subjects(rows: Iterable[models.Model]) -> set[UUID]:
    return {subject for row in rows if (subject := subject_of(row)) is not None}


def _sealed_fields(model: type[models.Model]) -> list[SealedField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


def _sealed_names(model: type[models.Model]) -> set[str]:
    return {field.name for field in _sealed_fields(model)}
