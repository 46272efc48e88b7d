"""The settings page of provisioning: the token, and what becomes of members."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from api.scim.forms import ScimForm, TeamRoleForm
from api.scim.mapping import BASE
from api.scim.models import ScimSettings, ScimTeam, ScimToken
from api.scim.operations.settings import (
    change_scim_settings,
    give_team_role,
    make_scim_token,
    revoke_scim_tokens,
)
from core.access import authorize
from core.http import Request
from core.isolation.scope import current_workspace
from core.toasts import toast
from tenants.members.permissions import CHANGE_SECURITY
from tenants.members.recent_login import recent_login_to_save, recent_login_to_send, typed


@recent_login_to_save
@require_http_methods(["GET", "POST"])
def scim_settings(request: Request) -> HttpResponse:
    authorize(request.actor, CHANGE_SECURITY)
    form = _form(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            change_scim_settings(changes=form.cleaned_data, actor=request.actor)
        except ValidationError as error:
            form.tell(error)
        else:
            toast(request, _("Saved."))
            return redirect("scim-settings")
    return _page(request, form)


def _form(said: QueryDict | None = None) -> ScimForm:
    """Return the form as it was filled in, or with what holds now."""
    known = ScimSettings.objects.first() or ScimSettings()
    initial = {"default_role": known.default_role_id, "successor": known.successor_id}
    return ScimForm(said, initial=initial)


def _page(request: Request, form: ScimForm | None = None, secret: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "form": form or _form(),
        "team_form": TeamRoleForm(),
        "teams": ScimTeam.objects.exclude(role=None)
        .select_related("team", "role")
        .order_by("team__name"),
        "tokens": ScimToken.objects.order_by("-created_at"),
        "address": f"{current_workspace().url}{BASE}",
        "secret": secret,
        "now": now(),
    }
    status = 422 if form and request.method == "POST" else 200
    return render(request, "settings/scim.html", context, status=status)


@recent_login_to_send("scim-settings")
def token_make(request: Request) -> HttpResponse:
    """Make a token and show it, this once."""
    _token, secret = make_scim_token(actor=request.actor, at=now())
    return _page(request, secret=secret)


@recent_login_to_send("scim-settings")
def tokens_revoke(request: Request) -> HttpResponse:
    revoke_scim_tokens(actor=request.actor)
    toast(request, _("The provider is shut out."))
    return redirect("scim-settings")


@recent_login_to_send("scim-settings")
def team_role(request: Request) -> HttpResponse:
    authorize(request.actor, CHANGE_SECURITY)
    form = TeamRoleForm(request.POST)
    if form.is_valid():
        give_team_role(
            form.cleaned_data["team"], role=form.cleaned_data["role"], actor=request.actor
        )
        toast(request, _("Saved."))
    return redirect("scim-settings")
