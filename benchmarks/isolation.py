"""What role and path per transaction cost, beside the stock backends, on the same five point reads."""

from functools import partial

import psycopg
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django_tenants.postgresql_backend.base import DatabaseWrapper as StockWrapper

from benchmarks.measuring import Row, medians_ms
from core.isolation.scope import Workspace, bind_workspace

READS = 5
TIMES = 400
SQL = "SELECT id, key FROM members_role WHERE key = %s"


def measure_isolation(workspace: Workspace, url: str) -> list[Row]:
    """Return how long five reads in a transaction take: bare, with ours, with django-tenants' own."""
    bare = psycopg.connect(url)
    bare.execute(f'SET search_path = "{workspace.schema}"')  # type: ignore[arg-type]
    bare.commit()
    stock = connections["owner"]
    stock.set_schema(workspace.schema, include_public=False)
    actions = (
        partial(_bare, bare),
        partial(_through, connections["default"], "default"),
        partial(_through, stock, "owner"),
    )
    with bind_workspace(workspace):
        baseline, ours, theirs = medians_ms(actions, times=TIMES)
    stock.set_schema_to_public()
    bare.close()
    return [
        Row("five reads in a transaction, our backend", ours, baseline=baseline),
        Row("five reads in a transaction, django-tenants' backend", theirs, baseline=baseline),
        Row("our backend beside django-tenants' own", ours, baseline=theirs, allowed=1.1),
    ]


def _bare(connection: psycopg.Connection) -> None:
    with connection.transaction():
        for _read in range(READS):
            connection.execute(SQL, ["admin"]).fetchall()


def _through(connection: BaseDatabaseWrapper | StockWrapper, alias: str) -> None:
    with transaction.atomic(using=alias):
        for _read in range(READS):
            with connection.cursor() as cursor:
                cursor.execute(SQL, ["admin"])
                cursor.fetchall()
