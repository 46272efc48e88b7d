"""Imports and exports that run behind the pages, and the tidying after them."""

from uuid import UUID

from django.utils.timezone import now

from core.actors import Actor
from core.jobs import nightly_everywhere, workspace_job
from crm.transfer.engine.running import carry_on
from crm.transfer.exporting import (
    AT_ONCE,
    forget_exports,
    write_behind,
    write_export,
)
from crm.transfer.models import Export, Import
from crm.transfer.operations import (
    begin_check,
    begin_run,
    forget_old_imports,
    silent_imports,
    wake,
)

# Up to this size a check is done before anybody could ask how far it is.
CHECKED_AT_ONCE = 128 * 1024


@workspace_job(atomic=False)
def continue_import(import_id: str) -> None:
    """Check or run the import from where it stopped; ringing twice does nothing twice."""
    carry_on(UUID(import_id), clock=now)


def check_now_or_later(the_import: Import, *, actor: Actor) -> None:
    """Check a small file at once; have a large one checked behind the answer."""
    begin_check(the_import, actor=actor)
    if the_import.size <= CHECKED_AT_ONCE:
        carry_on(the_import.pk, clock=now)
    else:
        continue_import.enqueue(import_id=the_import.pk)


def run_later(the_import: Import, *, actor: Actor) -> None:
    """Have the file written behind the answer."""
    begin_run(the_import, actor=actor)
    continue_import.enqueue(import_id=the_import.pk)


def wake_later(the_import: Import, *, actor: Actor) -> Import:
    """Have an import taken up whose worker is gone."""
    woken = wake(the_import, actor=actor, at=now())
    continue_import.enqueue(import_id=the_import.pk)
    return woken


def write_now_or_later(export: Export) -> Export:
    """Return the export with its file ready, or waiting where many records are written behind the answer."""
    if export.count > AT_ONCE:
        run_export.enqueue(export_id=export.pk)
    else:
        write_export(export.pk)
        export.refresh_from_db()
    return export


@workspace_job()
def run_export(export_id: str) -> None:
    write_behind(UUID(export_id))


@nightly_everywhere
@workspace_job()
def tidy_transfers() -> None:
    forget_old_imports(at=now())
    forget_exports(at=now())
    for pk in silent_imports(at=now()):
        continue_import.enqueue(import_id=pk)
