"""Ways in which shared-process schemas are known to leak; each must raise or be right."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace

import pytest
from asgiref.sync import sync_to_async
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction
from django_tenants.utils import schema_context

from core.isolation.scope import IsolationError, Workspace, bind_workspace, control_plane
from crm.customers.models.companies import Company
from tenants.members.models import Role, User
from tests.conftest import inside, outside


def names() -> list[str]:
    return list(User.objects.values_list("email", flat=True))


def in_transaction() -> list[str]:
    with transaction.atomic():
        return names()


def test_p1_the_librarys_context_cannot_switch_workspaces(globex):
    @schema_context(globex.schema)
    def read() -> list[str]:
        return names()

    with pytest.raises(IsolationError):
        read()


def test_p2_a_tenant_object_cannot_switch_workspaces(globex):
    with control_plane("read a tenant"):
        from tenants.models import Tenant

        tenant = Tenant.objects.get(schema_name=globex.schema)

    with pytest.raises(IsolationError), tenant:
        names()


def test_p3_an_unknown_schema_is_not_public(acme):
    nowhere = Workspace(
        id=acme.id, schema="t_999999999", slug="", name="", language="en",
        time_zone="UTC", currency="USD", country="US", url="",
    )  # fmt: skip

    def read() -> None:
        with bind_workspace(nowhere), transaction.atomic():
            names()

    with pytest.raises(Exception, match='role "t_999999999" does not exist'):
        outside(read)


@pytest.mark.committing
def test_p3_whoever_comes_after_an_unknown_schema_is_served(workspaces, django_db_blocker):
    nowhere = replace(workspaces["acme"], schema="t_999999999")

    with django_db_blocker.unblock():
        with pytest.raises(DatabaseError, match="does not exist"), bind_workspace(nowhere):
            in_transaction()
        with bind_workspace(workspaces["globex"]):
            assert in_transaction() == ["eve@globex.test"]
        connections.close_all()


@pytest.mark.parametrize(
    "evaluate",
    [
        list,
        lambda lazy: lazy.count(),
        lambda lazy: lazy.exists(),
        lambda lazy: lazy.first(),
        lambda lazy: list(lazy.iterator()),
        lambda lazy: list(lazy.values_list("email")),
        lambda lazy: lazy.update(given_name="Nobody"),
        lambda lazy: lazy.delete(),
    ],
)
def test_p4_a_lazy_query_is_not_evaluated_elsewhere(globex, evaluate):
    lazy = User.objects.order_by("email")

    with pytest.raises(IsolationError):
        inside(globex, lambda: evaluate(lazy))

    assert inside(globex, names) == ["eve@globex.test"]


def test_p5_a_row_is_not_saved_elsewhere(alice, globex):
    before = inside(globex, names)

    with pytest.raises(IsolationError):
        inside(globex, alice.save)
    with pytest.raises(IsolationError):
        inside(globex, alice.delete)

    assert inside(globex, names) == before


def test_p6_content_types_have_the_same_ids_everywhere(globex):
    ContentType.objects.clear_cache()
    here = ContentType.objects.get_for_model(Company).pk

    ContentType.objects.clear_cache()
    assert inside(globex, lambda: ContentType.objects.get_for_model(Company).pk) == here


def test_p7_a_cache_entry_is_not_read_elsewhere(globex):
    cache.set("answer", "of acme")

    assert inside(globex, lambda: cache.get("answer")) is None
    assert cache.get("answer") == "of acme"


@pytest.mark.parametrize("question", [names, in_transaction])
def test_p8_p9_a_thread_starts_in_no_workspace(question):
    def ask() -> str:
        try:
            return str(question())
        except IsolationError as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        assert "no workspace's name" in pool.submit(ask).result()
        # The thread worked for a workspace before: nothing of it is left.
        assert "no workspace's name" in pool.submit(ask).result()


@pytest.mark.committing
def test_p8_a_thread_given_the_context_is_in_its_workspace(workspaces, django_db_blocker):
    def ask() -> list[str]:
        try:
            return in_transaction()
        finally:
            connections.close_all()

    with (
        django_db_blocker.unblock(),
        bind_workspace(workspaces["globex"]),
        ThreadPoolExecutor(1) as pool,
    ):
        assert pool.submit(copy_context().run, ask).result() == ["eve@globex.test"]


@pytest.mark.committing
def test_p13_async_code_stays_in_its_workspace(workspaces, django_db_blocker):
    def ask() -> list[str]:
        try:
            return in_transaction()
        finally:
            connections.close_all()

    async def hop(slug: str) -> list[str]:
        with bind_workspace(workspaces[slug]):
            await asyncio.sleep(0.001)
            return await sync_to_async(ask, thread_sensitive=False)()

    async def all_at_once() -> list[list[str]]:
        return await asyncio.gather(*(hop(slug) for slug in ["acme", "globex"] * 8))

    with django_db_blocker.unblock():
        assert asyncio.run(all_at_once()) == [["alice@acme.test"], ["eve@globex.test"]] * 8


@pytest.mark.committing
def test_a_query_outside_a_transaction_is_refused(acme, django_db_blocker):
    with django_db_blocker.unblock(), bind_workspace(acme):
        with pytest.raises(IsolationError, match="outside a transaction"):
            names()
        connections.close_all()


def test_a_query_in_nobodys_name_is_refused():
    with pytest.raises(IsolationError, match="no workspace's name"):
        outside(names)


class TestRole:
    """What the database itself refuses to a workspace's role."""

    @pytest.fixture
    def refused(self):
        def run(statement: str) -> str:
            with (
                pytest.raises(ProgrammingError) as caught,
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
            return str(caught.value)

        return run

    def test_other_workspaces_tables(self, refused, globex):
        assert "permission denied" in refused(f'SELECT * FROM "{globex.schema}".members_user')

    def test_the_platforms_tables(self, refused):
        assert "permission denied" in refused("SELECT * FROM public.tenants_tenant")

    def test_the_job_queue(self, refused):
        assert "permission denied" in refused("SELECT * FROM jobs.procrastinate_jobs")

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT set_config('role', 'atrium_control', true)",
            "CREATE TEMP TABLE members_user (id int)",
            "CREATE TABLE loot (id int)",
            "DROP TABLE members_user",
            "TRUNCATE members_user",
            "ALTER TABLE members_user ADD COLUMN loot int",
        ],
    )
    def test_leaving_and_changing_the_schema(self, refused, statement):
        assert "permission denied" in refused(statement) or "must be owner" in refused(statement)

    def test_the_path_holds_no_public(self):
        with connection.cursor() as cursor:
            cursor.execute("SHOW search_path")
            assert "public" not in cursor.fetchone()[0]

    def test_the_role_comes_back_after_a_savepoint(self, acme):
        Role.objects.count()
        try:
            with transaction.atomic():
                with control_plane("test"), connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
                raise ValueError
        except ValueError:
            pass

        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone()[0] == acme.schema
