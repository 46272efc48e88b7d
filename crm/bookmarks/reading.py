"""A member's favourites and the records they opened lately, with their names."""

from collections.abc import Iterable
from typing import Any

from core.actors import Actor
from core.http import Request
from core.prepared import Prepared, given
from core.records.attached import Attached, Seen, records_seen_by
from crm.bookmarks.models import Bookmark, Visit

SHOWN = 8
MOST_FAVOURITES = 30


STARRED = Prepared(
    lambda: Bookmark.objects.filter(
        given("bookmarks_bookmark.member_id = %s::uuid"), kind=Bookmark.Kind.STAR
    ).order_by("position", "pk")[:MOST_FAVOURITES]
)


def favourites(actor: Actor) -> list[Seen]:
    """Return the records the actor starred and may still see, in their own order."""
    return _records(STARRED.ask(actor.user_id), actor) if actor.user_id else []


def recents(actor: Actor, *, shown: int = SHOWN) -> list[Seen]:
    """Return the records the actor opened last and may still see, the last one first."""
    visits = Visit.objects.filter(member_id=actor.user_id).order_by("-opened_at", "pk")
    return _records(visits[: 2 * shown], actor)[:shown]


def shown_favourites(request: Request, starred: list[Bookmark]) -> list[dict[str, Any]]:
    """Return the starred records as the sidebar shows them, with their places among the favourites."""
    places = {row.record_id: row.position for row in starred}
    return [
        {
            "id": seen.record.pk,
            "label": str(seen.record),
            "url": seen.record.get_absolute_url(),
            "icon": seen.record_type.menu.icon,
            "current": request.path == seen.record.get_absolute_url(),
            "position": places[seen.record.pk],
        }
        for seen in _records(starred, request.actor)
    ]


def _records(rows: Iterable[Attached], actor: Actor) -> list[Seen]:
    rows = list(rows)
    seen = records_seen_by(actor, ((row.record_type, row.record_id) for row in rows), named=True)
    return [seen[row.record_id] for row in rows if row.record_id in seen]
