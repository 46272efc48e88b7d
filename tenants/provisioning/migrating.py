"""Bringing every workspace up to the template: SQL replayed, Python run, failures named and passed by."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import django
from django.db import OperationalError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from tenants.models import PlannedMigration
from tenants.provisioning.fingerprints import (
    applied,
    release_statements,
    schemas_behind,
    stamp,
    template_fingerprint,
)
from tenants.provisioning.owner import enter, enter_public
from tenants.provisioning.sql import TEMPLATE, checked

LOCK_TRIES = 4
RECORD = "INSERT INTO django_migrations (app, name, applied) VALUES ('{app}', '{name}', now());"
# Types of content have the same numbers everywhere: they are copied, never made in place.
COPY_TYPES = "".join(
    f'INSERT INTO "{{schema}}".{table} SELECT * FROM {TEMPLATE}.{table} ON CONFLICT DO NOTHING;'  # noqa: S608  constants only
    for table in ("django_content_type", "auth_permission")
)


@dataclass(frozen=True, slots=True)
class Result:
    """How one schema fared: no error means it is up to date."""

    schema: str
    error: str = ""


def migrate_all(*, processes: int) -> Iterator[tuple[int, Result]]:
    """Migrate the schemas that are behind; yield how many there are and each result as it comes."""
    enter_public()
    fingerprint = template_fingerprint()
    behind = schemas_behind(fingerprint)
    if not behind:
        return
    task = partial(migrate_schema, fingerprint=fingerprint)
    if processes == 1 or len(behind) == 1:
        yield from ((len(behind), task(schema)) for schema in behind)
        return
    connections.close_all()
    # Forked, so that each process starts with Django loaded; spawning would load it anew.
    with ProcessPoolExecutor(
        processes, mp_context=get_context("fork"), initializer=django.setup
    ) as pool:
        for done in as_completed([pool.submit(task, schema) for schema in behind]):
            yield len(behind), done.result()


def migrate_schema(schema: str, *, fingerprint: str) -> Result:
    """Run what this schema lacks, one transaction a migration; stop at its first failure."""
    try:
        for planned in _missing(checked(schema)):
            _with_patience(partial(_run, schema, planned))
        _with_patience(partial(_execute, schema, _conclusion(schema, fingerprint)))
    except Exception as error:  # one workspace's failure must not stop the others
        return Result(schema, f"{type(error).__name__}: {error}".strip())
    return Result(schema)


def _conclusion(schema: str, fingerprint: str) -> str:
    """Return what a schema gets after its migrations, and the note that it has all of it."""
    return "\n".join(
        (COPY_TYPES.format(schema=schema), release_statements(), stamp(schema, fingerprint))
    )


def _missing(schema: str) -> list[PlannedMigration]:
    enter_public()
    done = applied(schema)
    plans = PlannedMigration.objects.using("owner").order_by("pk")
    return [plan for plan in plans if (plan.app, plan.name) not in done]


def _run(schema: str, planned: PlannedMigration) -> None:
    if not planned.is_sql:
        _run_python(schema, planned)
        return
    record = RECORD.format(app=planned.app, name=planned.name)
    if planned.is_atomic:
        _execute(schema, planned.statements + record)
        return
    enter(schema)
    with connections["owner"].cursor() as cursor:
        for statement in [*filter(None, planned.statements.split(";\n")), record]:
            cursor.execute(statement)


def _execute(schema: str, statements: str) -> None:
    """Run the statements in the schema in one transaction and one round trip."""
    enter_public()
    start = f"SET LOCAL lock_timeout = '2s'; SET LOCAL search_path = \"{schema}\";"
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(start + statements)


def _run_python(schema: str, planned: PlannedMigration) -> None:
    enter(schema)
    executor = MigrationExecutor(connections["owner"])
    executor.migrate([(planned.app, planned.name)])


def _with_patience(action: Callable[[], None]) -> None:
    """Try again when somebody else holds a lock: waiting longer would make everybody behind us wait."""
    for attempt in range(LOCK_TRIES):
        try:
            action()
        except OperationalError as error:
            is_lock = getattr(error.__cause__, "sqlstate", None) == "55P03"
            if not is_lock or attempt == LOCK_TRIES - 1:
                raise
            time.sleep(0.5 * 2**attempt)
        else:
            return
