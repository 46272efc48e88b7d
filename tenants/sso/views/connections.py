"""Setting single sign-on up: connections, whom they let in, and whether they are the only way."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.access import authorize, can
from core.errors import OperationError
from core.forms import Form
from core.http import Request
from core.toasts import toast
from tenants.members.permissions import CHANGE_SECURITY, MANAGE_TEAMS
from tenants.members.recent_login import (
    recent_login_required,
    recent_login_to_save,
    recent_login_to_send,
    typed,
)
from tenants.sso.enforcement import is_enforced
from tenants.sso.forms.connections import IssuerForm, MetadataForm, PeopleForm, RuleForm
from tenants.sso.models import Connection, GroupRule
from tenants.sso.operations.connections import (
    create_connection,
    delete_connection,
    enforce_sso,
    switch_connection,
    update_connection,
)
from tenants.sso.operations.group_rules import add_group_rule, remove_group_rule

FORMS: dict[str, type[IssuerForm] | type[MetadataForm]] = {
    Connection.Protocol.OIDC: IssuerForm,
    Connection.Protocol.SAML: MetadataForm,
}


@require_GET
def connections(request: Request) -> HttpResponse:
    authorize(request.actor, CHANGE_SECURITY)
    context = {
        "connections": Connection.objects.order_by("name"),
        "is_enforced": is_enforced(),
    }
    return render(request, "sso/connections.html", context)


@recent_login_required
@require_http_methods(["GET", "POST"])
def connection_new(request: Request, protocol: str) -> HttpResponse:
    authorize(request.actor, CHANGE_SECURITY)
    if protocol not in FORMS:
        raise Http404
    form = FORMS[protocol](request.POST or None)
    made: list[Connection] = []

    def make() -> None:
        made.append(create_connection(protocol, values=form.cleaned_data, actor=request.actor))

    if form.is_valid() and _done(form, make):
        toast(request, _("Added. Tell the provider our addresses, then test the connection."))
        return redirect("sso:connection", made[0].pk)
    context = {"form": form, "protocol": Connection.Protocol(protocol)}
    return render(request, "sso/connection_new.html", context, status=_status(form))


@recent_login_to_save
@require_http_methods(["GET", "POST"])
def connection(request: Request, pk: UUID) -> HttpResponse:
    """Show a connection, and change one of its parts: the provider, the people, or a rule."""
    authorize(request.actor, CHANGE_SECURITY)
    found = get_object_or_404(Connection, pk=pk)
    said = typed(request)
    part = said.get("part", "") if said else ""
    forms = _forms(request, said, found, part)
    form = forms.get(part) if request.method == "POST" else None
    if form is not None and form.is_valid() and _done(form, _change(request, found, part, form)):
        toast(request, _("Saved."))
        return redirect(f"{reverse('sso:connection', args=[pk])}#{part}")
    context = {
        **{f"{name}_form": each for name, each in forms.items()},
        "connection": found,
        "rules": found.rules.select_related("role", "team").order_by("pk"),
        "has_secret": bool(found.sealed_secret),
    }
    status = _status(form) if form is not None else 200
    return render(request, "sso/connection.html", context, status=status)


def _forms(request: Request, said: Any, found: Connection, part: str) -> dict[str, Form]:
    def sent(name: str) -> Any:
        return said if part == name else None

    known = {name: getattr(found, name) for name in ("name", "issuer", "client_id", "metadata_url")}
    provider = FORMS[found.protocol]
    return {
        "provider": provider(sent("provider"), initial=known, connection=found),
        "people": PeopleForm(sent("people"), connection=found),
        "rule": RuleForm(sent("rule"), may_teams=can(request.actor, MANAGE_TEAMS)),
    }


def _change(request: Request, found: Connection, part: str, form: Form) -> Callable[[], Any]:
    said = form.cleaned_data
    if part == "rule":
        return lambda: add_group_rule(found, **{"team": None, **said}, actor=request.actor)
    return lambda: update_connection(found, changes=said, actor=request.actor)


@recent_login_to_send("sso:connection", "pk")
def connection_switch(request: Request, pk: UUID) -> HttpResponse:
    is_on = request.POST.get("is_on") == "1"
    switch_connection(get_object_or_404(Connection, pk=pk), is_on=is_on, actor=request.actor)
    toast(request, _("Switched on.") if is_on else _("Switched off."))
    return redirect("sso:connection", pk)


@recent_login_to_send("sso:connection", "pk")
def connection_delete(request: Request, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Connection, pk=pk)
    delete_connection(found, actor=request.actor)
    toast(request, _("%(name)s deleted.") % {"name": found})
    return redirect("sso:connections")


@recent_login_to_send("sso:connections")
def rule_remove(request: Request, pk: UUID) -> HttpResponse:
    rule = get_object_or_404(GroupRule.objects.select_related("connection"), pk=pk)
    remove_group_rule(rule, actor=request.actor)
    toast(request, _("Removed."))
    return redirect(f"{reverse('sso:connection', args=[rule.connection_id])}#rule")


@recent_login_to_send("sso:connections")
def enforce(request: Request) -> HttpResponse:
    is_wanted = request.POST.get("is_enforced") == "1"
    enforce_sso(is_enforced=is_wanted, actor=request.actor)
    said = _("Passwords are closed now.") if is_wanted else _("Passwords work again.")
    toast(request, said)
    return redirect("sso:connections")


def _done(form: Form, change: Callable[[], Any]) -> bool:
    """Return whether the change was made; what speaks against it stands in the form."""
    try:
        change()
    except (OperationError, ValidationError) as refusal:
        form.tell(refusal)
    return not form.errors


def _status(form: Form) -> int:
    return 422 if form.is_bound else 200
