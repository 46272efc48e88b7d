"""A member's favourites and the records they opened lately, with their names."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.access import can
from core.actors import Actor
from core.records.attached import Attached
from core.records.registry import RecordType, record_type_named
from crm.bookmarks.models import Bookmark, Visit

SHOWN = 8
MOST_FAVOURITES = 30


@dataclass(frozen=True, slots=True)
class Marked:
    """A record somebody marked or opened, and its type."""

    record: Any
    record_type: RecordType


def favourites(actor: Actor) -> list[Marked]:
    """Return the records the actor starred and may still see, in their own order."""
    starred = Bookmark.objects.filter(member_id=actor.user_id, kind=Bookmark.Kind.STAR)
    return _records(starred.order_by("position", "pk")[:MOST_FAVOURITES], actor)


def recents(actor: Actor, *, shown: int = SHOWN) -> list[Marked]:
    """Return the records the actor opened last and may still see, the last one first."""
    visits = Visit.objects.filter(member_id=actor.user_id).order_by("-opened_at", "pk")
    return _records(visits[: 2 * shown], actor)[:shown]


def is_marked(record: Any, kind: str, *, actor: Actor) -> bool:
    """Return whether the actor has starred or follows the record."""
    return Bookmark.objects.of(record).filter(member_id=actor.user_id, kind=kind).exists()


def _records(rows: Iterable[Attached], actor: Actor) -> list[Marked]:
    """Return what the rows are about, in their order: a query for each record type there is."""
    rows = list(rows)
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        wanted[row.record_type].add(row.record_id)
    found: dict[UUID, Marked] = {}
    for name, ids in wanted.items():
        known = record_type_named(name)
        if known and can(actor, known.permission("view")):
            manager: Any = known.model._default_manager
            for record in known.listing.prepare(manager.visible_to(actor)).filter(pk__in=ids):
                found[record.pk] = Marked(record, known)
    return [found[row.record_id] for row in rows if row.record_id in found]
