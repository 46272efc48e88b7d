"""Workspaces made for one test, with real schemas, and dropped after it: fixtures for tests that commit."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections, transaction

from core.isolation.scope import Workspace, control_plane
from tenants.models import Tenant
from tenants.provisioning.operations import NewWorkspace, open_workspace, refill_spares
from tenants.provisioning.schemas import drop


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let the test commit; whatever workspaces it made are dropped afterwards."""
    with django_db_blocker.unblock():
        with control_plane("remember the workspaces"), transaction.atomic():
            kept = set(Tenant.objects.in_use().values_list("pk", flat=True))
            spares = set(Tenant.objects.spare().values_list("pk", flat=True))
        yield
        with control_plane("find new workspaces"), transaction.atomic():
            made = list(Tenant.objects.exclude(pk__in=kept).exclude(pk__in=spares, status="spare"))
        for tenant in made:
            drop(tenant)
        # The next test finds spares to claim and nothing queued.
        refill_spares()
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute("TRUNCATE jobs.procrastinate_jobs CASCADE")
        connections.close_all()


@pytest.fixture
def open_new(committed: None) -> Callable[..., Workspace]:
    """Open a workspace with an address of its own."""

    def run(slug: str = "initech", **changes: Any) -> Workspace:
        wanted = {
            "name": "Initech", "email": f"founder@{slug}.test", "language": "en",
            "time_zone": "UTC", "country": "DE", **changes,
        }  # fmt: skip
        return open_workspace(NewWorkspace(slug=slug, **wanted), password="correct horse battery")

    return run


@pytest.fixture
def as_owner(committed: None) -> Callable[..., Any]:
    """Ask the database as the owner of all schemas."""

    def ask(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        connections["owner"].set_schema_to_public()
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    return ask


@pytest.fixture
def without_spares(committed: None) -> Iterator[None]:
    """Hide the spare workspaces, so that the next one has to be made."""
    with control_plane("hide the spares"), transaction.atomic():
        hidden = list(Tenant.objects.spare().values_list("pk", flat=True))
        Tenant.objects.filter(pk__in=hidden).update(status=Tenant.Status.DELETED)
    yield
    with control_plane("show the spares"), transaction.atomic():
        Tenant.objects.filter(pk__in=hidden).update(status=Tenant.Status.SPARE)
