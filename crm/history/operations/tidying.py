"""Forgetting what was kept only to be taken back."""

from datetime import datetime

from django.db import transaction

from crm.history.models.change_sets import RETENTION, ChangeSet, Portion
from crm.history.models.merges import MergedRecord


@transaction.atomic
def forget_what_cannot_be_undone(*, at: datetime) -> int:
    """Drop ids and snapshots of change sets whose time is over; return how many sets that were.

    That they happened stays known, and old links still lead to the record that was merged into.
    """
    old = ChangeSet.objects.filter(created_at__lt=at - RETENTION)
    MergedRecord.objects.filter(change_set__in=old).update(change_set=None, snapshot=None)
    with_portions = old.filter(portions__isnull=False).distinct().values_list("pk", flat=True)
    ids = list(with_portions)
    Portion.objects.filter(change_set__in=ids).delete()
    return len(ids)
