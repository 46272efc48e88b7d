"""Imports and exports that run behind the pages, and the tidying after them."""

from uuid import UUID

from django.utils.timezone import now

from core.jobs import nightly_everywhere, workspace_job
from crm.transfer.engine.running import carry_on
from crm.transfer.exporting import forget_exports, write_export
from crm.transfer.operations import forget_old_imports


@workspace_job(atomic=False)
def continue_import(import_id: str) -> None:
    """Check or run the import from where it stopped; ringing twice does nothing twice."""
    carry_on(UUID(import_id), clock=now)


@workspace_job()
def run_export(export_id: str) -> None:
    write_export(UUID(export_id))


@nightly_everywhere
@workspace_job()
def tidy_transfers() -> None:
    forget_old_imports(at=now())
    forget_exports(at=now())
