"""The cast: in every test, Acme is our workspace and Globex is somebody else's."""

import contextlib
import contextvars
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.utils.timezone import now
from hypothesis import HealthCheck, settings

from core.isolation.scope import Workspace, bind_workspace, control_plane
from core.jobs import queue
from tenants.directory import forget_hosts
from tenants.members.models import Role, Session, User
from tenants.provisioning.operations import find_tenant
from tests.databases import drop_test_databases, use_test_databases

pytest_plugins = ["tests.committing"]
PASSWORD = "correct horse battery"
# How the log-in library remembers that somebody entered their password once more.
PROVEN = {"method": "password", "reauthenticated": True}
DATABASES = ["default", "vault"]

# A busy machine is no bug, and the database that examples share is rolled back after the test.
UNHURRIED = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
settings.register_profile("atrium", settings(), deadline=None, suppress_health_check=UNHURRIED)
settings.load_profile("atrium")


# First, so that the distribution over processes sees the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test has the database, rolled back afterwards, unless it commits or drives a browser."""
    for item in items:
        if item.get_closest_marker("committing"):
            # Roles belong to the whole server, so two processes would take each other's numbers.
            item.add_marker(pytest.mark.xdist_group("committing"))
        if not any(
            item.get_closest_marker(name) for name in ("django_db", "committing", "browser")
        ):
            item.add_marker(pytest.mark.django_db(databases=DATABASES))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        use_test_databases()
    yield
    with django_db_blocker.unblock():
        drop_test_databases()


@pytest.fixture(scope="session")
def workspaces(django_db_setup: None, django_db_blocker: Any) -> dict[str, Workspace]:
    """Acme and Globex, read once."""
    with django_db_blocker.unblock():
        return {slug: _workspace(slug) for slug in ("acme", "globex")}


def _workspace(slug: str) -> Workspace:
    with control_plane("read a workspace for the tests"), transaction.atomic():
        return find_tenant(slug).as_workspace()


@pytest.fixture
def acme(workspaces: dict[str, Workspace]) -> Workspace:
    return workspaces["acme"]


@pytest.fixture
def globex(workspaces: dict[str, Workspace]) -> Workspace:
    return workspaces["globex"]


@pytest.fixture(autouse=True)
def inside_acme(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test's own code runs inside Acme, unless it asks for no database."""
    if request.node.get_closest_marker("django_db") is None:
        yield
        return
    request.getfixturevalue("db")
    with bind_workspace(request.getfixturevalue("acme")):
        yield


@pytest.fixture(autouse=True)
def nobody_has_called() -> None:
    """Calls are counted for a minute, hosts remembered for seconds: each test begins with neither."""
    caches["throttle"].clear()
    forget_hosts()


def outside[T](function: Callable[[], T]) -> T:
    """Run code with no workspace bound, as a fresh request or job would."""
    return contextvars.Context().run(function)


def inside[T](workspace: Workspace, function: Callable[[], T]) -> T:
    """Run code inside another workspace than the test's own."""

    def enter() -> T:
        with bind_workspace(workspace):
            return function()

    return outside(enter)


class Visitor(Client):
    """A browser: each request starts with no workspace bound, and talks to one host."""

    def __init__(self, workspace: Workspace | None = None, **defaults: Any) -> None:
        self.workspace = workspace
        host = f"{workspace.slug}.localhost" if workspace else "localhost"
        super().__init__(HTTP_HOST=host, **defaults)

    def request(self, **request: Any) -> Any:
        return outside(lambda: super(Visitor, self).request(**request))

    def force_login(
        self, user: User, backend: str | None = None, *, is_proven: bool = True
    ) -> None:
        """Log a member in, who has just said who they are unless told otherwise."""
        assert self.workspace

        def log_in() -> None:
            super(Visitor, self).force_login(user, backend)
            if is_proven:
                session = self.session
                session["account_authentication_methods"] = [PROVEN | {"at": time.time()}]
                session["account_authentication_methods_user"] = str(user.pk)
                session.save()
            # As somebody who has been at work for a while: what a log-in notes was noted.
            Session.objects.filter(user=user).update(last_seen_at=now())

        inside(self.workspace, log_in)


def make_member(email: str, role: str, **fields: Any) -> User:
    """Make a member of the bound workspace."""
    user = User(email=email, role=Role.objects.get(key=role), **fields)
    user.set_password(PASSWORD)
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def leave(member: User) -> None:
    """Let a member leave the workspace."""
    member.is_active = False
    member.save(update_fields=["is_active"])


@pytest.fixture
def alice(acme: Workspace) -> User:
    """Acme's admin, who started the workspace."""
    return User.objects.select_related("role").get(email="alice@acme.test")


@pytest.fixture
def bob(acme: Workspace) -> User:
    """A rep: sees and changes only his own records."""
    return make_member("bob@acme.test", Role.Key.REP, given_name="Bob", family_name="Reed")


@pytest.fixture
def carol(acme: Workspace) -> User:
    """A viewer: sees everything, changes nothing."""
    return make_member("carol@acme.test", Role.Key.VIEWER, given_name="Carol", family_name="Vane")


@pytest.fixture
def eve(globex: Workspace) -> User:
    """Globex's admin: whatever she tries at Acme must fail."""
    return inside(globex, lambda: User.objects.select_related("role").get(email="eve@globex.test"))


@pytest.fixture
def as_member(acme: Workspace, globex: Workspace) -> Callable[..., Visitor]:
    """Return a browser in which this member is logged in to their own workspace."""

    def log_in(member: User) -> Visitor:
        visitor = Visitor(globex if member.email.endswith("@globex.test") else acme)
        visitor.force_login(member)
        return visitor

    return log_in


@pytest.fixture
def work(inside_acme: None) -> Callable[[], list[str]]:
    """Return a function that runs what is queued, as a worker would, and names it."""
    # What a test that commits has left behind is none of this one's.
    done: set[int] = {number for number, _name, _arguments in _queued()}

    def run_queued() -> list[str]:
        names = []
        while jobs := [job for job in _queued() if job[0] not in done]:
            for number, name, arguments in jobs:
                done.add(number)
                names.append(name)
                outside(lambda name=name, arguments=arguments: queue.tasks[name].func(**arguments))
        return names

    return run_queued


def _queued() -> list[tuple[int, str, dict[str, Any]]]:
    with control_plane("read the queue for a test"), connection.cursor() as cursor:
        # Not those that make schemas: they work on another connection, outside the test's transaction.
        cursor.execute(
            "SELECT id, task_name, args FROM procrastinate_jobs "
            "WHERE queue_name <> 'provisioning' ORDER BY id"
        )
        return [(number, name, json.loads(arguments) if isinstance(arguments, str) else arguments)
                for number, name, arguments in cursor.fetchall()]  # fmt: skip


@contextlib.contextmanager
def nothing_written(*models: Any) -> Iterator[None]:
    """Assert that the block leaves these tables as they were, byte for byte."""
    before = [_checksum(model) for model in models]
    yield
    assert [_checksum(model) for model in models] == before


def _checksum(model: Any) -> tuple[int, str]:
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY id)) FROM {table} t"
        )
        return cursor.fetchone()
