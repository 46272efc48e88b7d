"""Starring, following and remembering what was opened: all of it a member's own affair."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model

from core.access import authorize
from core.actors import Actor
from core.arranging import UNPLACED, give_places
from core.records.attached import attach
from core.records.registry import record_type_of
from crm.bookmarks.models import Bookmark, Visit

# More are forgotten as new ones come.
VISITS_KEPT = 50


@transaction.atomic
def set_bookmark(record: Model, *, kind: str, is_set: bool, actor: Actor) -> bool:
    """Star or follow the record, or end it; return whether anything changed."""
    record_type = record_type_of(type(record))
    authorize(actor, record_type.permission("view"), record)
    member = _member(actor)
    mine = Bookmark.objects.of(record).filter(member_id=member, kind=kind)
    if not is_set:
        return bool(mine.delete()[0])
    bookmark = attach(Bookmark(member_id=member, kind=kind), record)
    bookmark.position = UNPLACED
    before = mine.count()
    Bookmark.objects.bulk_create([bookmark], ignore_conflicts=True)
    return not before


@transaction.atomic
def arrange_favourites(ids: Iterable[UUID], *, actor: Actor) -> None:
    """Put the records the actor starred into this order; those not named come last, as they were."""
    rows = Bookmark.objects.select_for_update(of=("self",))
    stars = rows.filter(member_id=_member(actor), kind=Bookmark.Kind.STAR)
    mine = list(stars.order_by("position", "pk"))
    give_places(mine, ids, lambda each: each.record_id)
    Bookmark.objects.bulk_update(mine, ["position"])


@transaction.atomic(savepoint=False)
def note_visit(record: Model, *, actor: Actor, at: datetime) -> None:
    """Remember that the actor opened the record; only the latest are kept.

    Who looks as somebody else leaves no trace among what that one opened.
    """
    if actor.user_id is None or actor.viewer is not None:
        return
    visit = attach(Visit(member_id=actor.user_id, opened_at=at), record)
    Visit.objects.bulk_create(
        [visit],
        update_conflicts=True,
        unique_fields=["member", "record_id"],
        update_fields=["opened_at"],
    )


@transaction.atomic
def forget_old_visits() -> int:
    """Forget all but each member's latest visits; return how many were forgotten."""
    forgotten = 0
    for member in Visit.objects.order_by().values_list("member_id", flat=True).distinct():
        kept = Visit.objects.filter(member_id=member).order_by("-opened_at", "pk")[:VISITS_KEPT]
        old = Visit.objects.filter(member_id=member).exclude(
            pk__in=list(kept.values_list("pk", flat=True))
        )
        forgotten += old.delete()[0]
    return forgotten


def _member(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise PermissionDenied("bookmarks")
    return actor.user_id
