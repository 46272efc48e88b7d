"""What happens behind the pages of the history: emptying the trash, and forgetting what can no longer be undone."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from core.actors import Actor
from core.jobs import nightly_everywhere, workspace_job
from core.records.registry import RecordType, record_types
from crm.history.models.change_sets import RETENTION, ChangeSet
from crm.history.operations.tidying import forget_what_cannot_be_undone
from crm.history.running import AT_ONCE, carry_on

DESTROYED_AT_ONCE = 200


@workspace_job(atomic=False)
def continue_change_set(change_set_id: str) -> None:
    """Go on with a change set from where it stopped; ringing twice does nothing twice."""
    carry_on(UUID(change_set_id))


def do_now_or_later(the_set: ChangeSet) -> ChangeSet:
    """Deal with a small change set at once; have a large one dealt with behind the page."""
    if the_set.total > AT_ONCE:
        continue_change_set.enqueue(change_set_id=the_set.pk)
    else:
        carry_on(the_set.pk)
        the_set.refresh_from_db()
    return the_set


@nightly_everywhere
@workspace_job(atomic=False)
def empty_trash() -> None:
    """Destroy what has lain in the trash for its time; interrupted, it goes on the next night."""
    at = now()
    for record_type in record_types():
        while _destroy_some(record_type, at):
            continue
    with transaction.atomic():
        forget_what_cannot_be_undone(at=at)


def _destroy_some(record_type: RecordType, at: datetime) -> int:
    """Destroy the oldest of what is due; return how many there were."""
    actor = Actor.system("Atrium", *map(record_type.permission, ("view", "destroy")))
    with transaction.atomic():
        rows = record_type.model._default_manager.filter(deleted_at__lt=at - RETENTION)
        due = list(rows.order_by("deleted_at").values_list("pk", flat=True)[:DESTROYED_AT_ONCE])
        batch = record_type.operations.many.destroy(due, actor=actor)
    return len(batch.records)
