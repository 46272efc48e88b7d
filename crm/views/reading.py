"""The views a member has: for the switcher above a list and the favourites beside every page."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from core.access import can
from core.actors import Actor
from core.http import Request
from core.records.registry import RecordType, record_type_named
from crm.views.models import Pin, SavedView

KEPT = "_saved_views"


def views_of(actor: Actor) -> list[SavedView]:
    """Return the actor's own views and the shared ones; pinned ones know their place."""
    if actor.user_id is None:
        return []
    pins = Pin.objects.filter(view=OuterRef("pk"), member_id=actor.user_id)
    rows = SavedView.objects.visible_to(actor).order_by("created_at", "pk")
    return list(rows.annotate(pinned_at=Subquery(pins.values("position")[:1])))


def views_in(request: Request) -> list[SavedView]:
    """Return the views of whoever asks, read once for a page."""
    if not hasattr(request, KEPT):
        setattr(request, KEPT, views_of(request.actor))
    found: list[SavedView] = getattr(request, KEPT)
    return found


def views_for(request: Request, record_type: RecordType) -> Sequence[SavedView]:
    """Return the views of one record type."""
    return [view for view in views_in(request) if view.record_type == record_type.name]


def pinned(views: Sequence[Any]) -> list[Any]:
    """Return the pinned ones in the order of their pins."""
    return sorted(
        (view for view in views if view.pinned_at is not None), key=lambda view: view.pinned_at
    )


def pinned_places(request: Request) -> list[dict[str, Any]]:
    """Return the pinned views as the sidebar shows them."""
    places = []
    for view in pinned(views_in(request)):
        record_type = record_type_named(view.record_type)
        if record_type and can(request.actor, record_type.permission("view")):
            home = reverse(record_type.url_name("list"))
            is_here = request.path == home and request.GET.get("view") == str(view.pk)
            url = f"{home}?view={view.pk}"
            places.append({"label": view.name, "url": url, "current": is_here})
    return places
