"""Making and dropping the schema, role and keys of a workspace."""

import psycopg
from django.db import IntegrityError, ProgrammingError, connections, transaction

from tenants.lifecycle import STEPS
from tenants.models import Tenant
from tenants.provisioning import sql
from tenants.provisioning.fingerprints import stamp_like_template
from tenants.provisioning.owner import enter_public
from tenants.provisioning.snapshot import replay_for

ROLE_EXISTS = "42710"
ROLE_INDEX = "pg_authid_rolname_index"


def create_spare() -> Tenant:
    """Make a ready, empty workspace that waits for a company, in one transaction."""
    enter_public()
    while True:
        schema = _next_schema()
        try:
            return _create(schema)
        except (IntegrityError, ProgrammingError) as error:
            # Roles belong to the whole server: another database of it may have used this number.
            if not _is_taken_role(error):
                raise


def _is_taken_role(error: Exception) -> bool:
    """Return whether the role was there, or was made by somebody else at the same moment."""
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return False
    return cause.sqlstate == ROLE_EXISTS or cause.diag.constraint_name == ROLE_INDEX


def _next_schema() -> str:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT nextval('tenants_schema_number')")
        return f"t_{cursor.fetchone()[0]}"


def _create(schema: str) -> Tenant:
    statements = [
        sql.create_role(schema),
        replay_for(schema),
        sql.grant_schema(schema),
        stamp_like_template(schema),
    ]
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("\n".join(statements))
        # Not save(): the library's looks at the application's connection, which is elsewhere now.
        [tenant] = Tenant.objects.using("owner").bulk_create([Tenant(schema_name=schema)])
        for step in STEPS.created:
            step(tenant.pk)
    return tenant


def drop(tenant: Tenant) -> None:
    """Remove the schema, its role, its keys, its jobs and its place in the address book."""
    enter_public()
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute(sql.drop_workspace(tenant.schema_name))
            cursor.execute(sql.FORGET_JOBS, [str(tenant.pk)])
        Tenant.objects.using("owner").filter(pk=tenant.pk).delete()
    for step in STEPS.deleted:
        step(tenant.pk)
