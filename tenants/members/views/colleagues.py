"""Who works here, who is invited, and who has left."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.access import authorize
from core.http import Request
from tenants.members.models import Invitation, Team, User
from tenants.members.permissions import MANAGE_MEMBERS
from tenants.members.seats import seats_allowed, seats_used

ON_A_PAGE = 50


@require_GET
def members(request: Request) -> HttpResponse:
    """List those who can log in; with `left`, those who cannot any more."""
    authorize(request.actor, MANAGE_MEMBERS)
    has_left = "left" in request.GET
    search = request.GET.get("q", "").strip()[:100]
    rows = _found(search).filter(is_active=not has_left)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "search": search,
        "has_left": has_left,
        **_frame("left" if has_left else ""),
    }
    return render(request, "members/members.html", context)


@require_GET
def invitations(request: Request) -> HttpResponse:
    """List invitations nobody has used yet, those that ran out too."""
    authorize(request.actor, MANAGE_MEMBERS)
    rows = Invitation.objects.waiting().select_related("role", "invited_by")
    page = Paginator(rows.order_by("-created_at", "pk"), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    names = dict(Team.objects.values_list("pk", "name"))
    invited = [(each, sorted(names[pk] for pk in each.team_ids if pk in names)) for each in page]
    context = {"page": page, "invitations": invited, "now": now(), **_frame("invitations")}
    return render(request, "members/invitations.html", context)


def _found(search: str) -> QuerySet[User]:
    people = User.objects.filter(is_service=False)
    rows = people.select_related("role").prefetch_related("teams")
    for word in search.split():
        rows = rows.filter(
            Q(given_name__icontains=word)
            | Q(family_name__icontains=word)
            | Q(email__icontains=word)
            | Q(role__name__icontains=word)
            | Q(teams__name__icontains=word)
        ).distinct()
    return rows.order_by("given_name", "family_name", "email")


def _frame(current: str) -> dict[str, Any]:
    """Return what stands around each of the lists: the ways to the others, and the seats."""
    url, people = reverse("members:members"), User.objects.filter(is_service=False)
    counts = {
        "": (_("Members"), url, people.filter(is_active=True).count()),
        "invitations": (
            _("Invitations"),
            reverse("members:invitations"),
            Invitation.objects.waiting().count(),
        ),
        "left": (_("Deactivated"), f"{url}?left", people.filter(is_active=False).count()),
    }
    tabs = [
        {"label": label, "url": place, "count": count, "current": name == current}
        for name, (label, place, count) in counts.items()
    ]
    return {"tabs": tabs, "seats": seats_allowed(), "seats_used": seats_used()}
