"""A migration reaches every workspace, a failing one stops nobody else, and a second run resumes."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from core.isolation.scope import bind_workspace
from crm.customers.models.companies import Company
from tenants.models import PlannedMigration
from tenants.provisioning import fingerprints
from tenants.provisioning.migrating import migrate_all, migrate_schema
from tenants.provisioning.platform import prepare_platform

pytestmark = pytest.mark.committing


@pytest.fixture
def planned(committed, others_up_to_date, as_owner):
    """Pretend that the template ran a migration, written down as these statements."""
    made = []

    def plan(name, statements="", *, is_sql=True, is_atomic=True):
        connections["owner"].set_schema_to_public()
        made.append(
            PlannedMigration.objects.using("owner").create(
                app="customers",
                name=name,
                statements=statements,
                is_sql=is_sql,
                is_atomic=is_atomic,
            )
        )
        as_owner(
            "INSERT INTO atrium_template.django_migrations (app, name, applied) VALUES ('customers', %s, now())",
            name,
        )

    yield plan
    for migration in made:
        connections["owner"].set_schema_to_public()
        migration.delete(using="owner")
        as_owner("DELETE FROM atrium_template.django_migrations WHERE name = %s", migration.name)


@pytest.fixture
def others_up_to_date(as_owner, workspaces):
    """Keep Acme, Globex and the spares out of the test: they look migrated while it runs."""
    yield
    for (schema,) in as_owner("SELECT nspname FROM pg_namespace WHERE nspname ~ '^t_[0-9]+$'"):
        as_owner(f'DELETE FROM "{schema}".django_migrations WHERE name LIKE %s', "test_%")
        for table in ("customers_company",):
            as_owner(f'ALTER TABLE "{schema}".{table} DROP COLUMN IF EXISTS shoe_size')
        as_owner(fingerprints.stamp_like_template(schema))
    # A command may have kept the template while it looked migrated; new spares would look so too.
    if fingerprints.template_stamp() != fingerprints.template_fingerprint():
        prepare_platform()


def columns(as_owner, schema):
    return [
        name
        for (name,) in as_owner(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s",
            schema,
            "customers_company",
        )
    ]


ADD = "ALTER TABLE customers_company ADD COLUMN shoe_size integer;"


def test_nothing_to_do_is_seen_at_once(committed):
    assert list(migrate_all(processes=1)) == []


def test_a_field_is_added_everywhere(open_new, planned, as_owner):
    workspace = open_new()
    planned("test_shoe_size", ADD)

    results = [result for _total, result in migrate_all(processes=1)]

    assert {result.error for result in results} == {""}
    assert workspace.schema in {result.schema for result in results}
    assert "shoe_size" in columns(as_owner, workspace.schema)
    assert list(migrate_all(processes=1)) == []


def test_several_processes_share_the_work(open_new, planned, as_owner):
    schemas = [open_new(slug).schema for slug in ("initech", "initrode")]
    planned("test_shoe_size", ADD)

    assert {result.error for _total, result in migrate_all(processes=2)} == {""}
    assert all("shoe_size" in columns(as_owner, schema) for schema in schemas)


def test_a_failing_workspace_is_named_passed_by_and_resumed(open_new, planned, as_owner):
    broken, healthy = open_new("initech"), open_new("initrode")
    as_owner(f'ALTER TABLE "{broken.schema}".customers_company ADD COLUMN shoe_size text')
    planned("test_shoe_size", ADD)

    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match=broken.schema):
        call_command("migrate_workspaces", processes=1, stdout=out, stderr=err)

    assert f"{broken.schema} failed" in err.getvalue()
    assert "shoe_size" in columns(as_owner, healthy.schema)
    as_owner(f'ALTER TABLE "{broken.schema}".customers_company DROP COLUMN shoe_size')
    results = [result for _total, result in migrate_all(processes=1)]
    assert [(result.schema, result.error) for result in results] == [(broken.schema, "")]


def test_of_two_missing_migrations_the_first_stays_when_the_second_fails(
    open_new, planned, as_owner
):
    workspace = open_new()
    planned("test_shoe_size", ADD)
    planned("test_broken", "ALTER TABLE no_such_table ADD COLUMN x int;")

    result = migrate_schema(workspace.schema, fingerprint="x")

    assert "no_such_table" in result.error
    assert "shoe_size" in columns(as_owner, workspace.schema)
    assert ("customers", "test_shoe_size") in fingerprints.applied(workspace.schema)
    assert ("customers", "test_broken") not in fingerprints.applied(workspace.schema)


def test_new_tables_are_usable_by_the_workspaces_role(open_new, planned, as_owner):
    workspace = open_new()
    planned("test_table", "CREATE TABLE test_shoes (size int);")

    assert (
        migrate_schema(workspace.schema, fingerprint=fingerprints.template_fingerprint()).error
        == ""
    )

    with bind_workspace(workspace), transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("INSERT INTO test_shoes VALUES (42)")
        assert Company.objects.count() == 0


def test_every_migration_of_today_is_planned_as_sql_or_as_python(committed):
    connections["owner"].set_schema_to_public()
    plans = PlannedMigration.objects.using("owner").filter(app="customers")

    assert plans.exists()
    assert all(
        plan.is_sql and "CREATE TABLE" in plan.statements
        for plan in plans.filter(name__contains="initial")
    )
    recorded = {(plan.app, plan.name) for plan in PlannedMigration.objects.using("owner").all()}
    assert recorded == fingerprints.applied("atrium_template")
