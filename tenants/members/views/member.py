"""One member, as those see them who run the workspace."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access import authorize, can
from core.http import Request
from core.records.counting import Count
from core.records.registry import record_types
from core.toasts import toast
from tenants.members.comparing import records_seen, rights_in_words
from tenants.members.forms.colleagues import LeavingForm, MemberForm
from tenants.members.giving import may_give, refuse_beyond
from tenants.members.models import Role, User, Viewing
from tenants.members.operations.factors import reset_factors
from tenants.members.operations.leaving import (
    deactivate_member,
    default_successor,
    reactivate_member,
)
from tenants.members.operations.members import change_member
from tenants.members.operations.roles import transfer_ownership
from tenants.members.operations.viewing import may_view_as
from tenants.members.permissions import (
    MANAGE_MEMBERS,
    MANAGE_ROLES,
    MANAGE_TEAMS,
    TRANSFER_OWNERSHIP,
)
from tenants.members.recent_login import (
    recent_login_required,
    recent_login_to_save,
    recent_login_to_send,
    typed,
)
from tenants.members.second_factors import is_protected_now
from tenants.members.views.member_sessions import sessions_of


@require_http_methods(["GET", "POST"])
@recent_login_to_save
def member(request: Request, pk: UUID) -> HttpResponse:
    """Show and change a member's role and teams."""
    found = _found(request, pk)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, found, form)
        except ValidationError as error:
            form.tell(error)
        else:
            toast(request, _("%(name)s saved.") % {"name": found.name})
            return redirect("members:member", pk=pk)
    context = {
        "member": found,
        "is_protected": is_protected_now(found),
        "form": form,
        **_may(request, found),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "members/member.html", context, status=status)


@recent_login_required
@require_http_methods(["GET", "POST"])
def member_deactivate(request: Request, pk: UUID) -> HttpResponse:
    """Close a member's log-in, once it was said who gets what they own."""
    found = _reached(request, pk)
    posted = request.POST if request.method == "POST" else None
    form = LeavingForm(posted, member=found, initial={"successor": default_successor(found)})
    if form.is_valid():
        deactivate_member(found, successor=form.cleaned_data["successor"], actor=request.actor)
        toast(request, _("%(name)s cannot sign in any more.") % {"name": found.name})
        return redirect("members:member", pk=pk)
    context = {"member": found, "form": form, "owned": _owned(found, request)}
    status = 422 if form.is_bound else 200
    return render(request, "members/deactivate.html", context, status=status)


@recent_login_required
@require_http_methods(["GET", "POST"])
def member_factors(request: Request, pk: UUID) -> HttpResponse:
    """Take the second factors of a member who lost them, once it was said to be meant."""
    found = _reached(request, pk)
    if request.method == "GET":
        return render(request, "members/factors_reset.html", {"member": found})
    reset_factors(found, actor=request.actor)
    toast(request, _("%(name)s signs in without a second step now.") % {"name": found.name})
    return redirect("members:member", pk=pk)


@recent_login_to_send("members:member", "pk")
def member_reactivate(request: Request, pk: UUID) -> HttpResponse:
    """Open a member's log-in again."""
    found = reactivate_member(_found(request, pk), actor=request.actor)
    toast(request, _("%(name)s can sign in again.") % {"name": found.name})
    return redirect("members:member", pk=pk)


@recent_login_required
@require_http_methods(["GET", "POST"])
def member_own(request: Request, pk: UUID) -> HttpResponse:
    """Make the member the owner in one's own place, once it was said to be meant."""
    found = _found(request, pk)
    authorize(request.actor, TRANSFER_OWNERSHIP)
    if request.method == "GET":
        return render(request, "members/own.html", {"member": found})
    transfer_ownership(found, actor=request.actor)
    toast(request, _("%(name)s owns the workspace now.") % {"name": found.name})
    return redirect("members:member", pk=pk)


def _found(request: Request, pk: UUID) -> User:
    if not any(can(request.actor, each) for each in (MANAGE_MEMBERS, MANAGE_ROLES, MANAGE_TEAMS)):
        raise PermissionDenied
    found: User = get_object_or_404(
        User.objects.filter(is_service=False).select_related("role"), pk=pk
    )
    return found


def _reached(request: Request, pk: UUID) -> User:
    """Return a member whose log-in the actor may change: of no more rights than their own."""
    found = _found(request, pk)
    authorize(request.actor, MANAGE_MEMBERS)
    refuse_beyond(found.role, actor=request.actor)
    return found


def _form(request: Request, found: User) -> MemberForm:
    roles = [role for role in Role.objects.all() if may_give(role, actor=request.actor)]
    may_role = can(request.actor, MANAGE_ROLES) and may_give(found.role, actor=request.actor)
    return MemberForm(
        typed(request),
        roles=[*roles, *([] if found.role in roles else [found.role])],
        may_role=may_role,
        may_teams=can(request.actor, MANAGE_TEAMS),
        initial={
            "role": found.role_id,
            "teams": list(found.memberships.values_list("team", flat=True)),
        },
    )


def _save(request: Request, found: User, form: MemberForm) -> None:
    changed = [name for name in ("role", "teams") if name in form.changed_data]
    change_member(found, actor=request.actor, **{name: form.cleaned_data[name] for name in changed})


def _records(found: User) -> list[tuple[Any, Count]]:
    """Return how many records of each type the member sees, under what they are called."""
    counts = records_seen(found.as_actor())
    return [(each.menu.plural, counts[each.name]) for each in record_types()]


def _owned(found: User, request: Request) -> list[tuple[Any, int]]:
    """Return how many records of each type the member would leave behind."""
    return [(each.menu.plural, _count(each.model, found, request)) for each in record_types()]


def _count(model: Any, found: User, request: Request) -> int:
    return int(model.objects.visible_to(request.actor).filter(owner=found).count())


def _may(request: Request, found: User) -> dict[str, Any]:
    reaches = may_give(found.role, actor=request.actor) and found.pk != request.actor.user_id
    manages = can(request.actor, MANAGE_MEMBERS) and reaches
    return {
        "may_deactivate": manages and found.is_active,
        "may_reactivate": manages and not found.is_active,
        "may_reset": manages,
        "may_end_sessions": manages and found.is_active,
        "sessions": sessions_of(found) if manages else [],
        "rights": rights_in_words(found.role.rights()),
        "records": _records(found),
        "may_view_as": may_view_as(found, actor=request.actor),
        "viewings": Viewing.objects.filter(member=found)
        .select_related("viewer")
        .order_by("-began_at")[:5],
        "may_own": can(request.actor, TRANSFER_OWNERSHIP)
        and found.is_active
        and found.role.key != Role.Key.OWNER,
    }
