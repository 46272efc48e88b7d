"""What happens at night: answers that cannot be shown again are forgotten."""

from django.utils.timezone import now

from core.jobs import nightly_everywhere, workspace_job
from tenants.sso.operations.assertions import forget_assertions


@nightly_everywhere
@workspace_job()
def forget_sso_assertions() -> None:
    """Delete the answers whose time is over."""
    forget_assertions(at=now())
