"""Each layer keeps workspaces apart when another has a hole: mistakes made on purpose."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from django.db.models import QuerySet
from django_tenants.utils import schema_context

from compliance.encryption.errors import SealingError
from compliance.encryption.values import Sealed, Unreadable
from core.isolation import rows, scope
from core.isolation.backend import base
from core.isolation.scope import IsolationError, Workspace, bind_workspace
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contact
from tenants.members.models import User
from tests.conftest import Visitor, inside

CANARY = "Canary-of-Globex"


def emails() -> list[str]:
    return list(User.objects.values_list("email", flat=True))


def raw(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def raw_emails(workspace: Workspace) -> list[str]:
    return [email for (email,) in raw(f'SELECT email FROM "{workspace.schema}".members_user')]


@pytest.fixture
def begun() -> None:
    """The test's transaction has begun, as a request's has."""
    raw("SELECT 1")


@pytest.fixture
def hole_in_the_guard() -> Iterator[None]:
    """Nothing asks any more which workspace code is bound to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base.DatabaseWrapper, "_enter_scope", lambda self, cursor: None)
        patch.setattr(base.DatabaseWrapper, "schema_name", "")
        patch.setattr(rows.WorkspaceQuerySet, "db", QuerySet.db)
        patch.setattr(rows.WorkspaceModel, "_refuse_elsewhere", lambda self, here: None)
        yield


@contextlib.contextmanager
def entered_past_the_guard(workspace: Workspace) -> Iterator[None]:
    """Bind a workspace inside another, as nobody can."""
    bound, inner = scope._bound.set(workspace), scope._scope.set(workspace)
    try:
        yield
    finally:
        scope._scope.reset(inner)
        scope._bound.reset(bound)


@pytest.fixture
def hole_in_the_roles(committed: None) -> Iterator[None]:
    """Everything runs as the log-in that may read all schemas, and nobody steps into a role."""
    before = connections["default"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(base, "scope_sql", path_alone)
        owners: Any = connections.settings["owner"]
        connections["default"] = base.DatabaseWrapper(owners, "default")
        yield
        connections["default"].close()
        connections["default"] = before


def path_alone(entered: Any) -> str:
    schema = entered.schema if isinstance(entered, Workspace) else "public"
    return f'SET LOCAL search_path = "{schema}", jobs, pg_temp'


@pytest.mark.usefixtures("begun", "hole_in_the_guard")
class TestWithoutTheGuard:
    def test_the_role_refuses_another_schema(self, globex):
        with pytest.raises(ProgrammingError, match="permission denied"):
            raw_emails(globex)

    def test_the_role_refuses_another_path(self, globex):
        with pytest.raises(ProgrammingError, match=r"does not exist|permission denied"):
            raw(f'SET LOCAL search_path = "{globex.schema}"; SELECT email FROM members_user')

    def test_a_switch_by_the_library_changes_nothing(self, globex):
        with schema_context(globex.schema):
            assert emails() == ["alice@acme.test"]

    def test_entering_the_other_workspace_leaves_the_transaction_where_it_was(self, globex):
        lazy = User.objects.values_list("email", flat=True)

        with entered_past_the_guard(globex):
            assert list(lazy) == emails() == ["alice@acme.test"]

    def test_a_row_saved_elsewhere_stays_at_home(self, alice, globex):
        with entered_past_the_guard(globex):
            alice.given_name = "Mallory"
            alice.save()

        assert User.objects.get(pk=alice.pk).given_name == "Mallory"


@pytest.mark.committing
def test_without_the_guard_nobodys_query_is_refused_by_the_log_in(
    committed, hole_in_the_guard, acme
):
    connection.close()

    with pytest.raises(ProgrammingError, match="permission denied"):
        raw_emails(acme)

    connection.close()


@pytest.mark.committing
@pytest.mark.usefixtures("hole_in_the_roles")
class TestWithoutRoles:
    @pytest.fixture(autouse=True)
    def at_acme(self, hole_in_the_roles, acme) -> Iterator[None]:
        with bind_workspace(acme), transaction.atomic():
            yield

    def test_the_database_refuses_nothing_any_more(self, globex):
        assert raw_emails(globex) == ["eve@globex.test"]

    def test_the_guard_still_reads_only_what_is_here(self):
        assert emails() == ["alice@acme.test"]

    def test_the_guard_refuses_another_workspace(self, globex):
        with pytest.raises(IsolationError), bind_workspace(globex):
            emails()

    def test_the_guard_refuses_a_switch_by_the_library(self, globex):
        with pytest.raises(IsolationError), schema_context(globex.schema):
            emails()

    def test_the_guard_refuses_a_lazy_query_elsewhere(self, globex):
        lazy = User.objects.values_list("email", flat=True)

        with pytest.raises(IsolationError), entered_past_the_guard(globex):
            list(lazy)

    def test_the_guard_refuses_a_row_saved_elsewhere(self, globex):
        alice = User.objects.get()

        with pytest.raises(IsolationError), entered_past_the_guard(globex):
            alice.save()


@pytest.fixture
def robbed(open_new) -> list[Workspace]:
    """Two workspaces, the second of which knows a contact."""
    ours, theirs = open_new("initech"), open_new("hooli")
    inside(theirs, write_canary)
    return [ours, theirs]


def write_canary() -> None:
    with transaction.atomic():
        actor = User.objects.get().as_actor()
        create_contact(actor=actor, given_name=CANARY, family_name=CANARY)
        assert Contact.objects.get().given_name == CANARY


@pytest.mark.committing
def test_without_guard_and_roles_a_foreign_value_does_not_open(
    robbed, hole_in_the_guard, hole_in_the_roles
):
    ours, theirs = robbed
    read = f'SELECT * FROM "{theirs.schema}".customers_contact'

    with bind_workspace(ours), transaction.atomic():
        stolen = Contact.objects.raw(read)[0]
        blob = bytes(stolen.__dict__["given_name"].blob)

        with pytest.raises(SealingError):
            Sealed(blob).opened(Contact._meta.get_field("given_name"), stolen.pk)
        assert isinstance(stolen.given_name, Unreadable)
        assert isinstance(stolen.family_name, Unreadable)
        assert CANARY.encode().hex() not in str(raw(f"SELECT t::text FROM ({read}) t"))


class TestALeakingView:
    """A page that reads another workspace's table by its full name."""

    @pytest.fixture(autouse=True)
    def leak(self, settings):
        settings.ROOT_URLCONF = "tests.core.isolation.leaking_urls"

    def test_it_works_at_home(self, as_member, alice, acme):
        answer = as_member(alice).get(f"/leak/{acme.schema}/")

        assert answer.content == b"alice@acme.test"

    def test_the_database_refuses_it_elsewhere(self, as_member, alice, globex):
        with pytest.raises(ProgrammingError, match="permission denied for schema"):
            as_member(alice).get(f"/leak/{globex.schema}/")

    def test_whoever_asks_is_told_nothing(self, as_member, alice, globex):
        visitor: Visitor = as_member(alice)
        visitor.raise_request_exception = False

        answer = visitor.get(f"/leak/{globex.schema}/")

        assert answer.status_code == 500
        assert b"globex" not in answer.content
        assert globex.schema.encode() not in answer.content
