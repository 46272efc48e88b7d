"""What a workspace's role may do, read from the database's catalog: all of its own, nothing of anybody else's."""

from typing import Any

import pytest
from django.db import Error, connection, connections, transaction

from core.isolation.backend.base import CONTROL_ROLE
from tenants.provisioning.sql import APPLICATION, TEMPLATE, WORKER_ROLE

ON_TABLES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
ON_COLUMNS = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
ON_SEQUENCES = ("USAGE", "SELECT", "UPDATE")
OWN = {"SELECT", "INSERT", "UPDATE", "DELETE"}
# Adding a job, and PostgreSQL's own functions, are all a workspace may call.
CALLABLE = """
SELECT n.nspname, p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND NOT n.nspname = ANY(%s)
  AND has_schema_privilege(%s, n.oid, 'USAGE') AND has_function_privilege(%s, p.oid, 'EXECUTE')
"""
QUEUE = """
SELECT jobs.procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'a.job', 0, NULL, NULL,
  '{{"workspace_id": "{}"}}'::jsonb, NULL)::jobs.procrastinate_job_to_defer_v1])
"""
GRANTED = """
SELECT n.nspname, c.relname, asked.privilege
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN unnest(%s::text[]) AS asked(privilege)
WHERE c.relkind = ANY(%s) AND NOT n.nspname = ANY(ARRAY['pg_catalog', 'information_schema', 'pg_toast'])
  AND {asks}(%s, c.oid, asked.privilege)
"""


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def granted(asks: str, kinds: str, role: str, privileges: tuple[str, ...]) -> set[tuple[str, ...]]:
    """Return what a role may do, as (schema, table, privilege)."""
    return set(ask(GRANTED.format(asks=asks), list(privileges), list(kinds), role))


def schemas_of(found: set[tuple[str, ...]]) -> set[str]:
    return {schema for schema, *_rest in found}


def tables_of(schema: str) -> list[str]:
    return [
        name
        for (name,) in ask(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = "
            "(SELECT oid FROM pg_namespace WHERE nspname = %s) ORDER BY 1",
            schema,
        )
    ]


def test_a_role_has_rights_on_tables_of_its_own_schema_alone(acme):
    found = granted("has_table_privilege", "rpvmf", acme.schema, ON_TABLES)

    assert schemas_of(found) == {acme.schema}
    assert {privilege for _schema, _table, privilege in found} == OWN


def test_nor_on_a_single_column_elsewhere(acme):
    found = granted("has_any_column_privilege", "rpvmf", acme.schema, ON_COLUMNS)

    assert schemas_of(found) == {acme.schema}


def test_nor_on_sequences_elsewhere(acme):
    assert schemas_of(granted("has_sequence_privilege", "S", acme.schema, ON_SEQUENCES)) <= {
        acme.schema
    }


def test_a_role_enters_its_own_schema_and_that_of_the_queue(acme):
    for privilege, allowed in (("USAGE", {acme.schema, "jobs"}), ("CREATE", set())):
        found = ask(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' "
            "AND nspname <> 'information_schema' AND has_schema_privilege(%s, oid, %s)",
            acme.schema,
            privilege,
        )
        assert {name for (name,) in found} == allowed


def test_of_the_queues_functions_a_role_may_only_add_a_job(acme):
    found = ask(CALLABLE, [acme.schema], acme.schema, acme.schema)

    assert {schema for schema, _name in found} == {"jobs"}
    assert {name for _schema, name in found} == {"procrastinate_defer_jobs_v1"}


def test_a_workspace_queues_jobs_of_its_own_alone(acme, globex):
    assert refusal_of(QUEUE.format(acme.id)) == ""
    assert refusal_of(QUEUE.format(globex.id)) == "42501"
    assert refusal_of(QUEUE.format("")) == "42501"


@pytest.mark.parametrize("elsewhere", ["globex", "public", "template"])
def test_every_table_elsewhere_is_refused_when_tried(elsewhere, globex):
    schema = {"globex": globex.schema, "public": "public", "template": TEMPLATE}[elsewhere]
    tables = tables_of(schema)
    assert len(tables) > 3

    for table in tables:
        for statement in (
            'SELECT * FROM "{}"."{}" LIMIT 1',
            'DELETE FROM "{}"."{}"',
            'LOCK TABLE "{}"."{}"',
            'COPY "{}"."{}" TO STDOUT',
        ):
            assert refusal_of(statement.format(schema, table)) == "42501", (table, statement)


def refusal_of(statement: str) -> str:
    """Return PostgreSQL's code for why it does not do this."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except Error as error:
        return getattr(error.__cause__, "sqlstate", "") or ""
    return ""


def test_roles_are_nobody_and_belong_to_nothing():
    roles = "rolname ~ '^t_[0-9]+$'"
    powers = (
        "rolsuper OR rolcreaterole OR rolcreatedb OR rolcanlogin OR rolreplication OR rolbypassrls"
    )

    assert ask(f"SELECT rolname FROM pg_roles WHERE {roles} AND ({powers})") == []
    assert (
        ask(
            "SELECT member::regrole FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member "
            f"WHERE r.{roles}"
        )
        == []
    )


def test_the_log_in_itself_may_do_nothing():
    held = {
        *granted("has_table_privilege", "rpvmf", APPLICATION, ON_TABLES),
        *granted("has_any_column_privilege", "rpvmf", APPLICATION, ON_COLUMNS),
        *granted("has_sequence_privilege", "S", APPLICATION, ON_SEQUENCES),
    }

    assert held == set()


def test_the_worker_sees_the_queue_and_the_platform_its_own():
    assert schemas_of(granted("has_table_privilege", "rpvmf", WORKER_ROLE, ON_TABLES)) == {"jobs"}
    assert schemas_of(granted("has_table_privilege", "rpvmf", CONTROL_ROLE, ON_TABLES)) == {
        "jobs",
        "public",
    }


@pytest.mark.parametrize("role", ["acme", APPLICATION, CONTROL_ROLE, WORKER_ROLE])
def test_nobody_changes_settings_in_a_query_or_makes_temporary_tables(role, acme):
    name = acme.schema if role == "acme" else role

    assert ask(
        "SELECT has_function_privilege(%s, 'pg_catalog.set_config(text,text,boolean)', 'EXECUTE'),"
        " has_database_privilege(%s, current_database(), 'TEMPORARY'),"
        " has_database_privilege(%s, current_database(), 'CREATE')",
        name,
        name,
        name,
    ) == [(False, False, False)]


def test_public_has_no_right_to_set_config():
    held = ask("SELECT proacl::text FROM pg_proc WHERE proname = 'set_config'")

    assert not any("{=" in acl or ",=" in acl for (acl,) in held)


def test_no_key_leads_out_of_a_schema():
    """A foreign key is checked as its table's owner, so it would tell what exists elsewhere."""
    assert (
        ask(
            "SELECT conname FROM pg_constraint k JOIN pg_class here ON here.oid = k.conrelid "
            "JOIN pg_class there ON there.oid = k.confrelid "
            "WHERE k.contype = 'f' AND here.relnamespace <> there.relnamespace"
        )
        == []
    )


def test_the_vault_is_closed_to_the_application():
    vault = connections["vault"].settings_dict["NAME"]

    for role in (APPLICATION, CONTROL_ROLE, WORKER_ROLE):
        assert ask("SELECT has_database_privilege(%s, %s, 'CONNECT')", role, vault) == [(False,)]
