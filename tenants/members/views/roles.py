"""The roles of a workspace: what each may do, and who has it."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.access import authorize
from core.actors import Scope
from core.http import Request
from core.permissions import VERBS
from core.records.registry import record_types
from core.toasts import toast
from tenants.members.comparing import SCOPES, differences, effect_of
from tenants.members.forms.roles import RoleForm
from tenants.members.giving import may_give
from tenants.members.models import Role
from tenants.members.models.roles import Rights
from tenants.members.operations.roles import create_role, delete_role, update_role
from tenants.members.permissions import MANAGE_ROLES
from tenants.members.recent_login import recent_login_to_save, recent_login_to_send, typed

# What the list says of each role.
SHOWN = ("view", "change", "delete", "export")


@require_GET
def roles(request: Request) -> HttpResponse:
    authorize(request.actor, MANAGE_ROLES)
    active = Count("members", filter=Q(members__is_active=True))
    rows = Role.objects.in_order().annotate(people=active)
    lines = [(role, [_reach(role.rights(), verb) for verb in SHOWN]) for role in rows]
    context = {"lines": lines, "verbs": [VERBS[verb] for verb in SHOWN]}
    return render(request, "members/roles.html", context)


def _reach(rights: Rights, verb: str) -> str:
    """Return over whose records the role may do this, in words; several where types of records differ."""
    scopes = {rights.scope(each.permission(verb)) for each in record_types()}
    return " / ".join(str(SCOPES[scope]) for scope in Scope if scope in scopes)


@require_http_methods(["GET", "POST"])
@recent_login_to_save
def role_new(request: Request) -> HttpResponse:
    """Make a role, empty or beginning as a copy of another one."""
    authorize(request.actor, MANAGE_ROLES)
    known = {str(role.pk): role for role in Role.objects.all()}
    copied = known.get(request.GET.get("copy", ""))
    rights = copied.rights() if copied else Rights(frozenset(), {})
    form = RoleForm(typed(request), rights=rights)
    if request.method == "POST" and form.is_valid():
        try:
            role = create_role(
                name=form.cleaned_data["name"],
                description=form.cleaned_data["description"],
                scopes=form.scopes(),
                fields=form.narrowed(),
                actor=request.actor,
            )
        except ValidationError as error:
            form.tell(error)
        else:
            toast(request, _("Role %(name)s made.") % {"name": role})
            return redirect("members:roles")
    return _page(request, form, copied=copied)


@require_http_methods(["GET", "POST"])
@recent_login_to_save
def role_edit(request: Request, pk: UUID) -> HttpResponse:
    """Change what a role may do; roles that can do more than the actor are only shown."""
    authorize(request.actor, MANAGE_ROLES)
    role = get_object_or_404(Role, pk=pk)
    form = RoleForm(
        typed(request),
        rights=role.rights(),
        role=role,
        initial={"name": role.name, "description": role.description},
    )
    if "preview" in request.POST and form.is_valid():
        return _page(request, form, role=role, effect=effect_of(role, form.chosen()))
    if request.method == "POST" and form.is_valid():
        changes = {
            "name": form.cleaned_data["name"],
            "description": form.cleaned_data["description"],
            "scopes": form.scopes(),
            "fields": form.narrowed(),
        }
        try:
            update_role(role, changes=changes, actor=request.actor)
        except ValidationError as error:
            form.tell(error)
        else:
            toast(request, _("Role %(name)s saved.") % {"name": role})
            return redirect("members:roles")
    return _page(request, form, role=role)


@require_GET
def roles_compare(request: Request) -> HttpResponse:
    """Put two roles side by side and show what they differ in."""
    authorize(request.actor, MANAGE_ROLES)
    known = list(Role.objects.in_order())
    by_id = {str(role.pk): role for role in known}
    first = by_id.get(request.GET.get("first", ""), known[0])
    second = by_id.get(request.GET.get("second", ""), known[-1])
    context = {
        "roles": known,
        "first": first,
        "second": second,
        "differences": differences(first.rights(), second.rights()),
    }
    return render(request, "members/roles_compare.html", context)


@recent_login_to_send("members:role", "pk")
def role_delete(request: Request, pk: UUID) -> HttpResponse:
    role = get_object_or_404(Role, pk=pk)
    delete_role(role, actor=request.actor)
    toast(request, _("Role %(name)s deleted.") % {"name": role})
    return redirect("members:roles")


def _page(request: Request, form: RoleForm, **context: Any) -> HttpResponse:
    role: Role | None = context.get("role")
    is_fixed = role is not None and (role.has_everything or not may_give(role, actor=request.actor))
    if is_fixed:
        for field in form.fields.values():
            field.disabled = True
    status = 422 if form.is_bound and not form.is_valid() else 200
    said = {"form": form, "is_fixed": is_fixed, **context}
    return render(request, "members/role.html", said, status=status)
