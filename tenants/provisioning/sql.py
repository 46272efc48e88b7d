"""The SQL of roles, grants and schemas, in one place; every name in it is ours, never a person's."""

import re

from core.isolation.backend.base import CONTROL_ROLE

APPLICATION = "atrium_app"
WORKER_ROLE = "atrium_worker"
TEMPLATE = "atrium_template"
SCHEMA_NAME = re.compile(r"^t_[0-9]+$")
TABLE_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"


def checked(schema: str) -> str:
    """Return the name if it is one that provisioning makes; it is about to be part of SQL."""
    if not SCHEMA_NAME.match(schema):
        raise ValueError(f"{schema!r} is no workspace's schema.")
    return schema


PLATFORM_ROLES = f"""
DO $$ BEGIN CREATE ROLE {CONTROL_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE {WORKER_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT {CONTROL_ROLE}, {WORKER_ROLE} TO {APPLICATION};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {CONTROL_ROLE};
CREATE SCHEMA IF NOT EXISTS jobs;
CREATE SEQUENCE IF NOT EXISTS public.tenants_schema_number;
GRANT USAGE ON SCHEMA jobs TO {CONTROL_ROLE}, {WORKER_ROLE};
"""

PLATFORM_GRANTS = f"""
GRANT {TABLE_RIGHTS} ON ALL TABLES IN SCHEMA public TO {CONTROL_ROLE};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {CONTROL_ROLE};
GRANT {TABLE_RIGHTS} ON ALL TABLES IN SCHEMA jobs TO {WORKER_ROLE};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO {WORKER_ROLE};
GRANT SELECT ON ALL TABLES IN SCHEMA jobs TO {CONTROL_ROLE};
"""


def create_role(schema: str) -> str:
    """Return SQL that makes the role a workspace's queries run as; the application may step into it."""
    name = checked(schema)
    return (
        f'CREATE ROLE "{name}" NOLOGIN; GRANT "{name}" TO {APPLICATION}; '
        f'GRANT USAGE ON SCHEMA jobs TO "{name}";'
    )


def grant_schema(schema: str) -> str:
    """Return SQL that lets the role use its schema's tables, today's and those of later migrations."""
    name = checked(schema)
    inside = f'IN SCHEMA "{name}"'
    return (
        f'GRANT USAGE ON SCHEMA "{name}" TO "{name}"; '
        f'GRANT {TABLE_RIGHTS} ON ALL TABLES {inside} TO "{name}"; '
        f'GRANT USAGE ON ALL SEQUENCES {inside} TO "{name}"; '
        f'ALTER DEFAULT PRIVILEGES {inside} GRANT {TABLE_RIGHTS} ON TABLES TO "{name}"; '
        f'ALTER DEFAULT PRIVILEGES {inside} GRANT USAGE ON SEQUENCES TO "{name}";'
    )


def drop_workspace(schema: str) -> str:
    """Return SQL that removes the schema and its role with every right it had.

    Roles belong to the whole server: one that a copy of this database still uses stays, powerless
    here.
    """
    name = checked(schema)
    return (
        f'DROP SCHEMA IF EXISTS "{name}" CASCADE; REVOKE ALL ON SCHEMA jobs FROM "{name}"; '
        f'DO $$ BEGIN DROP ROLE "{name}"; '
        "EXCEPTION WHEN dependent_objects_still_exist THEN NULL; END $$;"
    )


# Not those that run at this moment: their worker looks for them when they are done.
FORGET_JOBS = (
    "SET LOCAL search_path = jobs, pg_temp; "
    "DELETE FROM jobs.procrastinate_jobs WHERE args->>'workspace_id' = %s AND status <> 'doing'"
)


def lend_template() -> str:
    """Return SQL that lets the application write the template's defaults as the role of its name."""
    return (
        f"CREATE ROLE {TEMPLATE} NOLOGIN; "
        f"GRANT {TEMPLATE} TO {APPLICATION}; GRANT USAGE ON SCHEMA jobs, {TEMPLATE} TO {TEMPLATE}; "
        f"GRANT {TABLE_RIGHTS} ON ALL TABLES IN SCHEMA {TEMPLATE} TO {TEMPLATE}; "
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {TEMPLATE} TO {TEMPLATE};"
    )


def take_template_back() -> str:
    """Return SQL that ends what `lend_template` allowed."""
    return (
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {TEMPLATE} FROM {TEMPLATE}; "
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {TEMPLATE} FROM {TEMPLATE}; "
        f"REVOKE ALL ON SCHEMA jobs, {TEMPLATE} FROM {TEMPLATE}; DROP ROLE {TEMPLATE};"
    )
