"""A member's favourites and the records they opened lately, with their names."""

from collections.abc import Iterable
from typing import Any

from core.actors import Actor
from core.http import Request
from core.records.attached import Attached, Seen, records_seen_by
from crm.bookmarks.models import Bookmark, Visit

SHOWN = 8
MOST_FAVOURITES = 30


def favourites(actor: Actor) -> list[Seen]:
    """Return the records the actor starred and may still see, in their own order."""
    starred = Bookmark.objects.filter(member_id=actor.user_id, kind=Bookmark.Kind.STAR)
    return _records(starred.order_by("position", "pk")[:MOST_FAVOURITES], actor)


def recents(actor: Actor, *, shown: int = SHOWN) -> list[Seen]:
    """Return the records the actor opened last and may still see, the last one first."""
    visits = Visit.objects.filter(member_id=actor.user_id).order_by("-opened_at", "pk")
    return _records(visits[: 2 * shown], actor)[:shown]


def shown_favourites(request: Request) -> list[dict[str, Any]]:
    """Return the favourites as the sidebar shows them."""
    return [
        {
            "label": str(seen.record),
            "url": seen.record.get_absolute_url(),
            "icon": seen.record_type.menu.icon,
        }
        for seen in favourites(request.actor)
    ]


def _records(rows: Iterable[Attached], actor: Actor) -> list[Seen]:
    rows = list(rows)
    seen = records_seen_by(actor, ((row.record_type, row.record_id) for row in rows), named=True)
    return [seen[row.record_id] for row in rows if row.record_id in seen]
