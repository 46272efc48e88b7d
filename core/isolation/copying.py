"""Writing many rows the way PostgreSQL takes them fastest: COPY, without a statement to plan."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connections, models
from psycopg.adapt import PyFormat, Transformer

# Below this a plain INSERT is as fast, and it is what people expect to see in the log.
FEWEST = 50
# So many rows are handed over at once; a million of them never lie in memory together.
AT_ONCE = 200
# What fields of these types hold goes to the database as it is; asking the field each time would
# cost more than writing.
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
AS_THEY_ARE = frozenset({bool, int, str, UUID, type(None)})
# Of these, nothing goes as it is.
OFTEN_EMPTY = frozenset({models.DateField, models.DateTimeField, models.DecimalField})
ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})

type Value = Callable[[models.Model], Any]


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
        values = [_value_of(field, connection) for field in fields]
        written = _Written(connection.connection)
        for part in batched(rows, AT_ONCE):
            copy.write("".join([written.line([value(row) for value in values]) for row in part]))
    for row in rows:
        row._state.adding, row._state.db = False, using


def _value_of(field: Any, connection: Any) -> Value:
    """Return what makes of a row the field's value for the database."""

    def asked(row: models.Model) -> Any:
        return field.get_db_prep_save(field.pre_save(row, True), connection)  # noqa: FBT003

    if type(field) in PLAIN:
        return _plain(field, asked)
    if type(field) in OFTEN_EMPTY and not _notes_the_time(field):
        return _filled(field, asked)
    if isinstance(field, ArrayField) and type(field.base_field) is models.IntegerField:
        return _numbers(field)
    if type(field) is models.JSONField:
        return _document(field, asked)
    if isinstance(field, models.BinaryField) or _notes_the_time(field):
        return lambda row: field.pre_save(row, True)  # noqa: FBT003
    # A field may know a shorter way, with what all its rows share looked up once.
    return field.copier() if hasattr(field, "copier") else asked


def _plain(field: Any, asked: Value) -> Value:
    name = field.attname

    def value(row: models.Model) -> Any:
        found = row.__dict__.get(name)
        return found if type(found) in AS_THEY_ARE else asked(row)

    return value


def _filled(field: Any, asked: Value) -> Value:
    name = field.attname
    return lambda row: None if row.__dict__.get(name) is None else asked(row)


def _document(field: Any, asked: Value) -> Value:
    name, encoder = field.attname, field.encoder

    def value(row: models.Model) -> Any:
        found = row.__dict__.get(name)
        return json.dumps(found, cls=encoder) if isinstance(found, dict | list) else asked(row)

    return value


def _numbers(field: Any) -> Value:
    def value(row: models.Model) -> Any:
        found = field.pre_save(row, True)  # noqa: FBT003
        return None if found is None else f"{{{','.join(map(str, found))}}}"

    return value


def _notes_the_time(field: Any) -> bool:
    return type(field) is models.DateTimeField and (field.auto_now or field.auto_now_add)


class _Written:
    """Writes rows the way COPY reads them."""

    def __init__(self, connection: Any) -> None:
        self._transformer = Transformer(connection)
        self._known: dict[type, Callable[[Any], str]] = {
            bool: lambda value: "t" if value else "f",
            int: str,
            str: _text,
            bytes: lambda value: f"\\\\x{value.hex()}",
            datetime: str,
            UUID: lambda value: f"{value.int:032x}",
            type(None): lambda value: "\\N",
        }

    def line(self, values: Iterable[Any]) -> str:
        known = self._known
        cells = [
            known[kind](value) if (kind := type(value)) in known else self._adapted(value)
            for value in values
        ]
        return "\t".join(cells) + "\n"

    def _adapted(self, value: Any) -> str:
        """Return a value of any other type as the driver writes it."""
        dumped = self._transformer.get_dumper(value, PyFormat.TEXT).dump(value)
        return "\\N" if dumped is None else _text(bytes(dumped).decode())


def _text(value: str) -> str:
    # Hardly a text has anything to escape, and asking is quicker than looking at every letter.
    is_plain = "\\" not in value and value.isprintable()
    return value if is_plain else value.translate(ESCAPED)
