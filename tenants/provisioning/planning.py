"""Running a migration on the template, and writing down what it is in SQL for everybody else."""

from django.core.management import call_command
from django.core.management.commands.migrate import Command as MigrateCommand
from django.db import connections, transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from tenants.models import PlannedMigration
from tenants.provisioning.owner import enter, enter_public
from tenants.provisioning.sql import TEMPLATE


def migrate_public() -> None:
    """Bring the platform's tables and the vault's up to date."""
    enter_public()
    call_command(MigrateCommand(), database="owner", verbosity=0, interactive=False)
    call_command(MigrateCommand(), database="vault", verbosity=0, interactive=False)


def migrate_template() -> list[str]:
    """Bring the template up to date and plan each migration it ran; return their names."""
    _create_template()
    enter(TEMPLATE)
    executor = MigrationExecutor(connections["owner"])
    executor.recorder.ensure_schema()
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    state = executor._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]
    plans = []
    for migration, _backwards in plan:
        plans.append(_plan(migration, state.clone()))
        state = executor.apply_migration(state, migration)
    call_command(MigrateCommand(), database="owner", verbosity=0, interactive=False)
    _keep(plans)
    return [str(plan) for plan in plans]


def _create_template() -> None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{TEMPLATE}"')


def _plan(migration: Migration, state: ProjectState) -> PlannedMigration:
    is_sql = all(operation.reduces_to_sql for operation in migration.operations)
    statements: list[str] = []
    if is_sql:
        with connections["owner"].schema_editor(
            collect_sql=True, atomic=migration.atomic
        ) as editor:
            migration.apply(state, editor, collect_sql=True)
        statements = [line for line in editor.collected_sql if not line.startswith("--")]
    return PlannedMigration(
        app=migration.app_label,
        name=migration.name,
        statements="\n".join(statements),
        is_sql=is_sql,
        is_atomic=migration.atomic,
    )


def _keep(plans: list[PlannedMigration]) -> None:
    enter_public()
    PlannedMigration.objects.using("owner").bulk_create(
        plans,
        update_conflicts=True,
        unique_fields=["app", "name"],
        update_fields=["statements", "is_sql", "is_atomic"],
    )
