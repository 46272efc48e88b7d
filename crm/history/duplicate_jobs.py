"""Looking for duplicates behind the pages."""

from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from core.jobs import workspace_job
from core.records.registry import record_type_named
from crm.history.models.duplicates import DuplicateSearch
from crm.history.operations.duplicates import carry_out_search


@workspace_job(atomic=False)
def find_duplicates(search_id: str) -> None:
    """Go through all records of a type; ringing twice finds the same pairs."""
    with transaction.atomic():
        search = DuplicateSearch.objects.get(pk=UUID(search_id))
    record_type = record_type_named(search.record_type)
    if record_type is not None and search.state == DuplicateSearch.State.RUNNING:
        carry_out_search(search, record_type, at=now())
