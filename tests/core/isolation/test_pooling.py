"""Behind a PgBouncer in transaction mode nobody is served another workspace's rows."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction
from django_tenants.postgresql_backend.base import DatabaseWrapper as StockWrapper

from config import embedded
from config.env import BASE_DIR, kept_secret
from core.isolation.copying import FEWEST
from core.isolation.scope import Workspace, bind_workspace, control_plane
from crm.customers.models.labels import Tag
from tenants.management.commands.work import worker_connection
from tenants.provisioning.jobs import refill
from tests.conftest import Visitor
from tests.core.isolation.hammer import READS_TO_A_WRITE, hammer, written
from tests.core.isolation.pooler import SERVER_CONNECTIONS, Pooler

READS = int(os.environ.get("HAMMER_READS", "4000"))
# So few show the leak of the library's own backend.
STOCK_READS = 800

pytestmark = pytest.mark.committing


@contextlib.contextmanager
def ours(workspace: Workspace) -> Iterator[None]:
    with bind_workspace(workspace), transaction.atomic():
        yield


@contextlib.contextmanager
def stock(workspace: Workspace) -> Iterator[None]:
    """Enter a workspace the way django-tenants has it."""
    pooled: Any = connections["default"]
    pooled.set_schema(workspace.schema, include_public=False)
    yield


def our_connection(pooler: Pooler) -> Any:
    return pooler.connection("default")


def stock_connection(pooler: Pooler) -> Any:
    """A connection of the library's own kind, with the log-in that may read every schema."""
    return StockWrapper(pooler.settings_of("owner"), "default")


def test_a_hammer_finds_nothing_wrong_with_our_backend(pooler, marked):
    counted = hammer(pooler, marked, reads=READS, make=our_connection, enter=ours)

    assert counted["wrong"] == 0
    assert counted["right"] == READS
    assert sum(counted[each.schema] for each in marked) == READS // READS_TO_A_WRITE
    for each in marked:
        assert written(each) == {each.schema: counted[each.schema]}


def test_the_same_hammer_finds_the_leak_of_the_librarys_backend(pooler, marked):
    counted = hammer(pooler, marked, reads=STOCK_READS, make=stock_connection, enter=stock)

    assert counted["wrong"] > 0, "A hammer that misses a known leak proves nothing of ours."
    assert any(set(written(each)) - {each.schema} for each in marked)


def test_a_connection_goes_back_to_the_pool_as_it_came(pooler, acme, globex):
    with pooler.instead():
        for workspace in (acme, globex):
            with ours(workspace):
                Tag.objects.count()

    assert standing(pooler) == {("atrium_app", "atrium_app", '"$user", public', "0", "UTC")}


def standing(pooler: Pooler) -> set[tuple[str, ...]]:
    """Return who each connection of the pool is, and what it was last told."""
    parameters = pooler.connection("default").get_connection_params()
    known = {name: parameters[name] for name in ("host", "port", "user", "password", "dbname")}
    with contextlib.ExitStack() as held:
        # Each holds its connection of the pool until all have answered.
        clients = [
            held.enter_context(psycopg.connect(**known)) for _each in range(SERVER_CONNECTIONS)
        ]
        return {
            client.execute(
                "SELECT session_user, current_user, current_setting('search_path'),"
                " current_setting('statement_timeout'), current_setting('TimeZone')"
            ).fetchone()
            for client in clients
        }


def test_what_would_need_a_session_is_done_without_one(pooler, acme):
    with pooler.instead() as pooled, ours(acme):
        assert pooled.connection.prepare_threshold is None
        made = Tag.objects.bulk_create(
            [Tag(own_name=f"Tag {number}", position=number) for number in range(FEWEST)]
        )
        read = Tag.objects.filter(pk__in=[tag.pk for tag in made]).iterator(chunk_size=10)
        assert {tag.pk for tag in read} == {tag.pk for tag in made}
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_cursors WHERE is_holdable")
            assert cursor.fetchone() == (0,)
        transaction.set_rollback(True)


@pytest.mark.parametrize("alias", ["default", "vault"])
def test_no_log_in_of_a_process_opens_cursors_on_the_server(alias, settings):
    assert settings.DATABASES[alias]["DISABLE_SERVER_SIDE_CURSORS"]


def test_pages_are_served_through_it(pooler, acme):
    with pooler.instead():
        assert Visitor(acme).get("/login/").status_code == 200


def test_jobs_are_queued_through_it_and_waited_for_past_it(pooler):
    with pooler.instead(), control_plane("queue a job"), transaction.atomic():
        refill.enqueue()

    subprocess.run(
        [sys.executable, "manage.py", "work", "--until-empty"],
        check=True,
        cwd=BASE_DIR,
        env=environment(pooler),
        timeout=60,
    )

    with control_plane("look at the queue"), transaction.atomic(), connection.cursor() as cursor:
        # What the clock rings for at this minute is queued beside it.
        cursor.execute(
            "SELECT DISTINCT status::text FROM procrastinate_jobs WHERE task_name = %s",
            [refill.task.name],
        )
        assert cursor.fetchall() == [("succeeded",)]


def environment(pooler: Pooler) -> dict[str, str]:
    """Return the environment of a process that works on this test's databases through the pooler."""
    names = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "vault")}
    pooled = f"{kept_secret('atrium_app')}@127.0.0.1:{pooler.port}/{names['default']}"
    return {
        **os.environ,
        "DATABASE_URL": f"postgresql://atrium_app:{pooled}",
        "DATABASE_DIRECT_URL": embedded.url("atrium_app", names["default"]),
        "DATABASE_OWNER_URL": embedded.url("atrium_owner", names["default"]),
        "VAULT_DATABASE_URL": embedded.url("atrium_vault", names["vault"]),
    }


def test_a_worker_connects_past_a_pooler_where_there_is_one(settings):
    assert "conninfo" not in worker_connection()

    settings.DATABASE_URLS = replace(settings.DATABASE_URLS, direct="postgresql://app@db/atrium")

    assert worker_connection()["conninfo"] == "postgresql://app@db/atrium"
