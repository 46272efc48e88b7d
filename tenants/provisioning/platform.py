"""Everything a database needs before the first workspace: roles, tables, queue, vault, template."""

from django.core.management import call_command
from django.db import connections, transaction

from core.ids import new_id
from core.isolation.scope import Workspace, bind_workspace
from tenants.lifecycle import STEPS
from tenants.provisioning import sql
from tenants.provisioning.fingerprints import (
    release_statements,
    stamp_like_template,
    template_fingerprint,
    template_stamp,
)
from tenants.provisioning.owner import enter_public
from tenants.provisioning.planning import migrate_public, migrate_template
from tenants.provisioning.queue import install_queue
from tenants.provisioning.snapshot import take_snapshot

ADVISORY_LOCK = 4_071_001


class SetConfigAllowed(RuntimeError):
    """A workspace's query could leave its role; a superuser must close this first."""


def prepare_platform() -> list[str]:
    """Bring roles, the platform's tables, the vault and the template up to date.

    Safe to repeat. Returns the names of the migrations the template ran.
    """
    _refuse_set_config()
    execute(sql.PLATFORM_ROLES)
    migrate_public()
    _create_cache_table()
    install_queue()
    execute(sql.PLATFORM_GRANTS)
    for step in STEPS.prepared:
        step()
    ran = migrate_template()
    if template_stamp() != template_fingerprint():
        _finish_template()
    return ran


def _finish_template() -> None:
    """Fill the template with what this release brings, and keep it for the workspaces to come."""
    seed_template()
    path = f"SET LOCAL search_path = {sql.TEMPLATE};"
    execute("\n".join((path, release_statements(), stamp_like_template(sql.TEMPLATE))))
    take_snapshot()


def execute(statements: str) -> None:
    """Run SQL as the owner, in one transaction."""
    enter_public()
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(statements)


def _refuse_set_config() -> None:
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('atrium_app', "
            "'pg_catalog.set_config(text,text,boolean)', 'EXECUTE')"
        )
        if cursor.fetchone()[0]:
            raise SetConfigAllowed(
                "Run as a superuser in this database: "
                "REVOKE EXECUTE ON FUNCTION pg_catalog.set_config FROM PUBLIC; "
                "GRANT EXECUTE ON FUNCTION pg_catalog.set_config TO atrium_owner;"
            )


def _create_cache_table() -> None:
    enter_public()
    call_command("createcachetable", database="owner", verbosity=0)


def seed_template() -> None:
    """Fill the template with what every workspace starts with. Each seed adds only what is missing.

    Seeds are ordinary code that works on the default connection, so the template is entered as a
    workspace whose role is lent for this one transaction.
    """
    execute(sql.lend_template())
    template = Workspace(
        id=new_id(), schema=sql.TEMPLATE, slug="", name="", language="en",
        time_zone="UTC", currency="USD", country="US", url="",
    )  # fmt: skip
    try:
        with bind_workspace(template), transaction.atomic():
            for seed in STEPS.seeded:
                seed()
    finally:
        execute(sql.take_template_back())
