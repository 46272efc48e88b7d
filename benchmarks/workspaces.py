"""Making workspaces and migrating many of them."""

import statistics
from functools import partial

import psycopg
from django.db import connections, transaction

from benchmarks.measuring import Row, once_ms
from core.isolation.scope import control_plane
from tenants.models import PlannedMigration, Tenant
from tenants.provisioning.migrating import migrate_all
from tenants.provisioning.operations import NewWorkspace, open_workspace
from tenants.provisioning.schemas import create_spare
from tenants.provisioning.snapshot import replay_for

TURNS = 20
ADD = "ALTER TABLE customers_company ADD COLUMN bench_shoe_size integer;"


def measure_provisioning(url: str, *, among: int) -> list[Row]:
    """Return medians of making a schema and of opening a workspace from the pool, among so many."""
    grow(among)
    replayed = statistics.median(once_ms(create_spare) for _turn in range(TURNS))
    opened = statistics.median(
        once_ms(partial(_open, f"bench-{among}-{turn}")) for turn in range(TURNS)
    )
    baseline = statistics.median(once_ms(partial(_replay_bare, url)) for _turn in range(5))
    return [
        Row(f"new schema by replay, among {among}", replayed, baseline=baseline, allowed_value=700),
        Row(f"workspace opened from the pool, among {among}", opened, allowed_value=50),
    ]


def grow(wanted: int) -> None:
    """Make schemas until there are so many workspaces, empty ones and those in use together."""
    with control_plane("count workspaces"), transaction.atomic():
        have = Tenant.objects.count()
    for _missing in range(wanted - have):
        create_spare()


def _open(slug: str) -> None:
    wanted = NewWorkspace(slug, "Bench", f"{slug}@bench.test", "en", "UTC", "GB")
    # The hash is made on the sign-up page; what is measured is the opening.
    open_workspace(wanted, password_hash="unusable")  # noqa: S106


def _replay_bare(url: str) -> None:
    """Replay the same tables with the bare driver, and leave nothing behind."""
    connections["owner"].set_schema_to_public()
    statements = replay_for("t_0")
    with psycopg.connect(url) as connection:
        connection.execute(statements)
        connection.rollback()


def measure_migrations(url: str) -> list[Row]:
    """Return how long all workspaces take: nothing to do, and one AddField as it would be planned."""
    with control_plane("count workspaces"), transaction.atomic():
        count = Tenant.objects.count()
    nothing = once_ms(lambda: list(migrate_all(processes=2)))
    baseline = _alter_bare(url)
    _pretend_template_ran("bench_shoe_size", ADD)
    added = once_ms(_migrate_without_failure)
    return [
        Row(f"migrate {count} workspaces, nothing to do", nothing, allowed_value=2000),
        Row(
            f"migrate {count} workspaces, AddField", added, baseline=baseline, allowed_value=10_000
        ),
    ]


def _migrate_without_failure() -> None:
    failed = [result for _total, result in migrate_all(processes=2) if result.error]
    if failed:
        raise RuntimeError(failed[0].error)


def _alter_bare(url: str) -> float:
    """Run the same ALTER in every schema with the bare driver, and take it back."""
    with control_plane("list schemas"), transaction.atomic():
        schemas = list(Tenant.objects.values_list("schema_name", flat=True))

    def alter(change: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for schema in schemas:
                connection.execute(f'ALTER TABLE "{schema}".customers_company {change}')  # type: ignore[arg-type]

    milliseconds = once_ms(lambda: alter("ADD COLUMN bench_bare integer"))
    alter("DROP COLUMN bench_bare")
    return milliseconds


def _pretend_template_ran(name: str, statements: str) -> None:
    connections["owner"].set_schema_to_public()
    PlannedMigration.objects.using("owner").create(
        app="customers", name=name, statements=statements, is_sql=True
    )
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO atrium_template.django_migrations (app, name, applied) "
            "VALUES ('customers', %s, now())",
            [name],
        )
