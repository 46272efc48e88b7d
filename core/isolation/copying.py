"""Writing many rows the way PostgreSQL takes them fastest: COPY, without a statement to plan."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import connections, models

# Below this a plain INSERT is as fast, and it is what people expect to see in the log.
FEWEST = 50
PLAIN = frozenset(
    {
        models.BooleanField,
        models.CharField,
        models.ForeignKey,
        models.IntegerField,
        models.PositiveIntegerField,
        models.PositiveSmallIntegerField,
        models.TextField,
        models.URLField,
        models.UUIDField,
    }
)
AS_THEY_ARE = frozenset({bool, int, str, UUID})


def can_copy(model: type[models.Model], rows: Sequence[models.Model]) -> bool:
    """Return whether the rows are many, and the table has nothing only an INSERT can fill in."""
    fields = model._meta.local_concrete_fields
    return (
        len(rows) >= FEWEST
        and not model._meta.parents
        and not any(field.generated or field.has_db_default() for field in fields)
    )


def _prepared(field: Any, connection: Any) -> Callable[[models.Model], Any]:
    """Return what makes of a row the field's value for the database.

    Values of plain fields go there as they are; asking the field each time would cost more than
    writing them.
    """

    def asked(row: models.Model) -> Any:
        return field.get_db_prep_save(field.pre_save(row, True), connection)  # noqa: FBT003

    if type(field) not in PLAIN:
        return asked
    name = field.attname

    def plain(row: models.Model) -> Any:
        value = row.__dict__.get(name)
        return value if type(value) in AS_THEY_ARE else asked(row)

    return plain


def copy_rows(model: type[models.Model], rows: Sequence[models.Model], *, using: str) -> None:
    """Insert the rows; what a field does before a save, it does here too."""
    connection = connections[using]
    fields: Any = model._meta.local_concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    statement = f"COPY {quote(model._meta.db_table)} ({columns}) FROM STDIN"
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        prepared = [_prepared(field, connection) for field in fields]
        for row in rows:
            copy.write_row([prepare(row) for prepare in prepared])
    for row in rows:
        row._state.adding, row._state.db = False, using
