"""The views a member has: for the switcher above a list and the favourites beside every page."""

from collections.abc import Sequence
from typing import Any

from django.db.models import IntegerField
from django.urls import reverse

from core.access import can
from core.actors import Actor
from core.http import Request
from core.prepared import Prepared, given
from core.records.registry import RecordType, record_type_named
from core.shell import shell_rows
from crm.views.models import SavedView

PINNED = "pinned_views"
# So often the question names whoever asks it.
ASKED = 5
# The member's own views and those shared with everybody, with them or a team of theirs; pinned ones
# know their place.
VIEWS = Prepared(
    lambda: (
        SavedView.objects.annotate(
            pinned_at=given(
                "(SELECT p.position FROM views_pin p"
                " WHERE p.view_id = views_savedview.id AND p.member_id = %s::uuid)",
                output_field=IntegerField(),
            )
        )
        .filter(
            given(
                "(views_savedview.is_shared OR views_savedview.owner_id = %s::uuid OR EXISTS ("
                "SELECT 1 FROM views_viewshare s WHERE s.view_id = views_savedview.id AND ("
                "s.user_id = %s::uuid"
                " OR s.team_id IN (SELECT team_id FROM members_teammembership WHERE user_id = %s::uuid)"
                " OR s.team_id IN (SELECT id FROM members_team WHERE manager_id = %s::uuid))))"
            )
        )
        .order_by("created_at", "pk")
    )
)


def views_of(actor: Actor) -> list[SavedView]:
    """Return the views the actor has, their own and shared ones; pinned ones know their place."""
    return VIEWS.ask(*(actor.user_id,) * ASKED) if actor.user_id else []


def views_in(request: Request) -> list[SavedView]:
    """Return the views of whoever asks, read once for a page."""
    return shell_rows(request, PINNED)


def views_for(request: Request, record_type: RecordType) -> Sequence[SavedView]:
    """Return the views of one record type."""
    return [view for view in views_in(request) if view.record_type == record_type.name]


def pinned(views: Sequence[Any]) -> list[Any]:
    """Return the pinned ones in the order of their pins."""
    return sorted(
        (view for view in views if view.pinned_at is not None), key=lambda view: view.pinned_at
    )


def pinned_places(request: Request, views: list[SavedView]) -> list[dict[str, Any]]:
    """Return the pinned views as the sidebar shows them, with their places among the favourites."""
    places = []
    for view in pinned(views):
        record_type = record_type_named(view.record_type)
        if record_type and can(request.actor, record_type.permission("view")):
            home = reverse(record_type.url_name("list"))
            is_here = request.path == home and request.GET.get("view") == str(view.pk)
            url = f"{home}?view={view.pk}"
            places.append(
                {
                    "id": view.pk,
                    "label": view.name,
                    "url": url,
                    "icon": "bookmark",
                    "current": is_here,
                    "position": view.pinned_at,
                }
            )
    return places
