"""Which migrations and release steps each schema has had, written on the schema itself as a comment.

One catalog query then tells which workspaces are behind, however many there are.
"""

from hashlib import sha256

from django.db import connections, transaction

from tenants.lifecycle import STEPS
from tenants.provisioning.sql import TEMPLATE, checked

BEHIND = """
SELECT nspname FROM pg_namespace
WHERE nspname ~ '^t_[0-9]+$'
  AND obj_description(oid, 'pg_namespace') IS DISTINCT FROM %s
ORDER BY length(nspname), nspname
"""


def applied(schema: str) -> set[tuple[str, str]]:
    """Return the (app, name) of every migration a schema has recorded."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(f'SELECT app, name FROM "{schema}".django_migrations')  # noqa: S608
        return set(cursor.fetchall())


def template_fingerprint() -> str:
    """Return what is written on a schema that has everything this release brings."""
    lines = [*sorted(f"{app}.{name}" for app, name in applied(TEMPLATE)), release_statements()]
    return "migrations " + sha256("\n".join(lines).encode()).hexdigest()[:32]


def release_statements() -> str:
    """Return the SQL this release runs in every schema, besides its migrations."""
    return "\n".join(step() for step in STEPS.released)


def template_stamp() -> str:
    """Return the fingerprint the template was last brought up to."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT obj_description(%s::regnamespace, 'pg_namespace')", [TEMPLATE])
        return cursor.fetchone()[0] or ""


def stamp(schema: str, fingerprint: str) -> str:
    """Return SQL that writes the fingerprint on a schema."""
    name = schema if schema == TEMPLATE else checked(schema)
    return f"COMMENT ON SCHEMA \"{name}\" IS '{fingerprint}';"


def stamp_like_template(schema: str) -> str:
    return stamp(schema, template_fingerprint())


def schemas_behind(fingerprint: str) -> list[str]:
    """Return the workspaces' schemas that are not at this fingerprint, oldest first."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(BEHIND, [fingerprint])
        return [name for (name,) in cursor.fetchall()]
