"""Imports that run behind the pages, and the tidying after them."""

from uuid import UUID

from django.utils.timezone import now

from core.isolation.scope import bind_workspace
from core.jobs import nightly, platform_job, workspace_job
from crm.transfer.engine.running import carry_on
from crm.transfer.operations import forget_old_imports
from tenants.models import Tenant


@workspace_job(atomic=False)
def continue_import(import_id: str) -> None:
    """Check or run the import from where it stopped; ringing twice does nothing twice."""
    carry_on(UUID(import_id), clock=now)


@workspace_job()
def tidy_imports() -> None:
    forget_old_imports(at=now())


@nightly
@platform_job(reason="have every workspace tidy up after its imports")
def tidy_all_imports() -> None:
    for tenant in Tenant.objects.in_use().order_by("pk"):
        with bind_workspace(tenant.as_workspace()):
            tidy_imports.enqueue()
