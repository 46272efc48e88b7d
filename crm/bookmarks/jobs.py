"""The tidying after visits."""

from core.jobs import nightly_everywhere, workspace_job
from crm.bookmarks.operations import forget_old_visits


@nightly_everywhere
@workspace_job()
def tidy_visits() -> None:
    forget_old_visits()
