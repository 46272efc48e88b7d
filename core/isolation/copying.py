"""Writing many rows the way PostgreSQL takes them fastest: COPY, without a statement to plan."""

from collections.abc import Sequence
from typing import Any

from django.db import connections, models

# Below this a plain INSERT is as fast, and it is what people expect to see in the log.
FEWEST = 50


def can_copy(model: type[models.Model], rows: Sequence[models.Model]) -> bool:
    """Return whether the rows are many, and the table has nothing only an INSERT can fill in."""
    fields = model._meta.local_concrete_fields
    return (
        len(rows) >= FEWEST
        and not model._meta.parents
        and not any(field.generated or field.has_db_default() for field in fields)
    )


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
        for row in rows:
            copy.write_row(
                [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]  # noqa: FBT003
            )
    for row in rows:
        row._state.adding, row._state.db = False, using
