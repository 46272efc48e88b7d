"""The tidying after notes."""

from django.utils.timezone import now

from core.jobs import nightly_everywhere, workspace_job
from crm.notes.operations import destroy_old_notes


@nightly_everywhere
@workspace_job()
def tidy_notes() -> None:
    destroy_old_notes(at=now())
