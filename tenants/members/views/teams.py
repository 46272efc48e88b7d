"""The teams of a workspace: who works together, under whom."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.access import authorize
from core.http import Request
from core.toasts import toast
from tenants.members.forms.teams import TeamForm
from tenants.members.models import Team
from tenants.members.operations.teams import create_team, delete_team, update_team
from tenants.members.permissions import MANAGE_TEAMS
from tenants.members.recent_login import recent_login_to_save, recent_login_to_send, typed


@require_GET
def teams(request: Request) -> HttpResponse:
    authorize(request.actor, MANAGE_TEAMS)
    active = Count("memberships", filter=Q(memberships__user__is_active=True))
    rows = list(
        Team.objects.select_related("manager", "parent").annotate(people=active).order_by("name")
    )
    return render(request, "members/teams.html", {"teams": _as_tree(rows)})


@require_http_methods(["GET", "POST"])
@recent_login_to_save
def team_new(request: Request) -> HttpResponse:
    authorize(request.actor, MANAGE_TEAMS)
    form = TeamForm(typed(request))
    return _saved(request, form, lambda: create_team(**form.said(), actor=request.actor))


@require_http_methods(["GET", "POST"])
@recent_login_to_save
def team_edit(request: Request, pk: UUID) -> HttpResponse:
    authorize(request.actor, MANAGE_TEAMS)
    team = get_object_or_404(Team, pk=pk)
    known = {
        "name": team.name,
        "parent": team.parent_id,
        "manager": team.manager_id,
        "members": list(team.memberships.values_list("user", flat=True)),
    }
    form = TeamForm(typed(request), team=team, initial=known)
    return _saved(
        request,
        form,
        lambda: update_team(team, changes=form.said(), actor=request.actor),
        team=team,
    )


@recent_login_to_send("members:team", "pk")
def team_delete(request: Request, pk: UUID) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    delete_team(team, actor=request.actor)
    toast(request, _("Team %(name)s deleted.") % {"name": team})
    return redirect("members:teams")


def _saved(
    request: Request, form: TeamForm, save: Callable[[], Team], **context: Any
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            team = save()
        except ValidationError as error:
            form.tell(error)
        else:
            toast(request, _("Team %(name)s saved.") % {"name": team})
            return redirect("members:teams")
    status = 422 if request.method == "POST" else 200
    return render(request, "members/team.html", {"form": form, **context}, status=status)


def _as_tree(rows: Sequence[Team], parent: UUID | None = None, level: int = 0) -> list[Any]:
    """Return each team below the one it is part of, with how deep it lies."""
    found: list[Any] = []
    for team in rows:
        if team.parent_id == parent:
            found += [(team, range(level)), *_as_tree(rows, team.pk, level + 1)]
    return found
