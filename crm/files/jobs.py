"""The tidying after files."""

from django.utils.timezone import now

from core.jobs import nightly_everywhere, workspace_job
from crm.files.operations import destroy_old_files


@nightly_everywhere
@workspace_job()
def tidy_files() -> None:
    destroy_old_files(at=now())
