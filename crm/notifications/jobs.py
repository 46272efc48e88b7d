"""The tidying after notifications."""

from django.utils.timezone import now

from core.jobs import nightly_everywhere, workspace_job
from crm.notifications.operations import forget_old_notifications


@nightly_everywhere
@workspace_job()
def tidy_notifications() -> None:
    forget_old_notifications(at=now())
