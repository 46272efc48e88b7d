"""How many rows there are, without looking at a million of them."""

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import QuerySet

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Count:
    """A number of rows. When it is not exact, there are more than were counted, or about so many."""

    number: int
    is_exact: bool = True


def count_of(rows: QuerySet[Any]) -> Count:
    """Return how many rows there are: exactly up to a limit, beyond it as the planner reckons."""
    return count_from(rows, countable(rows).count())


def countable(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    """Return as many of the rows as are counted one by one."""
    return rows.order_by().values("pk")[: MOST_COUNTED + 1]


def count_from(rows: QuerySet[Any], counted: int) -> Count:
    """Return how many rows there are when so many of the countable ones were counted."""
    if counted <= MOST_COUNTED:
        return Count(counted)
    reckoned = 0 if rows.query.where else _in_table(rows)
    return Count(max(reckoned, MOST_COUNTED), is_exact=False)


def _in_table(rows: QuerySet[Any]) -> int:
    """Return what the database knows of the table's size since it last looked."""
    connection = connections[rows.db]
    table = connection.ops.quote_name(rows.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(%s)", [table]
        )
        found = cursor.fetchone()
    # Two digits: more would say something nobody knows.
    return int(float(f"{found[0]:.2g}")) if found else 0
