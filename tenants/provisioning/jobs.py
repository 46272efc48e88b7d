"""Work on workspaces that nobody waits for."""

from core.jobs import platform_job
from tenants.provisioning.operations import refill_spares


@platform_job(reason="keep spare workspaces ready", atomic=False, queue_name="provisioning")
def refill() -> None:
    refill_spares()
