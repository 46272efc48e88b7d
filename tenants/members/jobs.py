"""What happens at night: sessions nobody can go on with are forgotten."""

from django.utils.timezone import now

from core.jobs import nightly_everywhere, workspace_job
from tenants.members.operations.sessions import forget_ended_sessions


@nightly_everywhere
@workspace_job()
def forget_sessions() -> None:
    """Delete the sessions that are over."""
    forget_ended_sessions(at=now())
