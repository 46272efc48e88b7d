"""Looking for records that are there twice, and saying which are not."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.records.duplicates import Likely, Pair
from core.records.registry import RecordType, record_type_named
from core.records.writing import RecordGone
from crm.history.models.duplicates import Duplicate, DuplicateSearch

WRITTEN_AT_ONCE = 500
# After this long without an end the worker is gone, and somebody else may look.
PATIENCE = timedelta(hours=1)


class AlreadyLooking(OperationError):
    """Somebody has asked for it already."""

    code = "already_looking"
    message = _("The search for duplicates is still going on.")


def likely_duplicates(
    record_type: RecordType, values: Mapping[str, Any], *, actor: Actor
) -> Sequence[Likely]:
    """Return records that may be the one somebody is writing down, the likeliest first."""
    return record_type.duplicates.likely(values, actor)


@transaction.atomic
def begin_search(record_type: RecordType, *, actor: Actor, at: datetime) -> DuplicateSearch:
    """Return a new search over all records of the type, which a job carries out."""
    authorize(actor, record_type.permission("change"))
    running = DuplicateSearch.objects.filter(
        record_type=record_type.name,
        state=DuplicateSearch.State.RUNNING,
        started_at__gt=at - PATIENCE,
    )
    if running.exists():
        raise AlreadyLooking
    search = DuplicateSearch(record_type=record_type.name, owner_id=actor.user_id, started_at=at)
    search.save(force_insert=True)
    return search


@transaction.atomic
def dismiss_duplicate(pair: Duplicate, *, actor: Actor, at: datetime) -> Duplicate:
    """Say that these two are not one; later searches leave them alone.

    Nobody is asked about them again, so it takes who may change both.
    """
    held: Duplicate = Duplicate.objects.lock(pair.pk)
    record_type = record_type_named(held.record_type)
    if record_type is None:
        raise LookupError(held.record_type)
    for record in _both(held, record_type, actor):
        authorize(actor, record_type.permission("change"), record)
    if held.dismissed_at is None:
        held.dismissed_at, held.dismissed_by_id = at, actor.user_id
        held.save(update_fields=["dismissed_at", "dismissed_by"])
    return held


def _both(pair: Duplicate, record_type: RecordType, actor: Actor) -> list[Any]:
    """Return the two records, held; RecordGone when one of them is not there for the actor."""
    rows: Any = record_type.model._default_manager.all()
    ids = (pair.first_id, pair.second_id)
    found = list(rows.change_visible_to(actor).filter(pk__in=ids).only("pk", "owner"))
    if len(found) < len(ids):
        raise RecordGone
    return found


def carry_out_search(search: DuplicateSearch, record_type: RecordType, *, at: datetime) -> None:
    """Go through all records and keep the pairs, each batch in its own transaction."""
    with transaction.atomic():
        pairs: dict[tuple[UUID, UUID], Pair] = {}
        for pair in record_type.duplicates.pairs():
            known = pairs.get((pair.first, pair.second))
            if known is None or known.score < pair.score:
                pairs[pair.first, pair.second] = pair
    for part in batched(pairs.values(), WRITTEN_AT_ONCE):
        with transaction.atomic():
            rows = [
                Duplicate(
                    record_type=record_type.name,
                    first_id=each.first,
                    second_id=each.second,
                    reason=each.reason,
                    score=each.score,
                    seen_at=at,
                )
                for each in part
            ]
            Duplicate.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["first_id", "second_id"],
                update_fields=["reason", "score", "seen_at"],
            )
            DuplicateSearch.objects.filter(pk=search.pk).update(found=F("found") + len(rows))
    _finish(search, record_type, at)


@transaction.atomic
def _finish(search: DuplicateSearch, record_type: RecordType, at: datetime) -> None:
    """Forget pairs that are alike no longer; those dismissed stay so."""
    old = Duplicate.objects.waiting().filter(record_type=record_type.name, seen_at__lt=at)
    old.delete()
    done = {"state": DuplicateSearch.State.DONE, "finished_at": at}
    DuplicateSearch.objects.filter(pk=search.pk).update(**done)
