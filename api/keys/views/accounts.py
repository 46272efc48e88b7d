"""The settings pages of service accounts: programs with a role, teams and keys, and no log-in."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from api.keys.forms.accounts import AccountForm, EndingForm
from api.keys.forms.keys import KeyForm
from api.keys.models import ApiKey
from api.keys.views.keys import make_key
from core.access import authorize, can
from core.http import Request
from core.toasts import toast
from tenants.members.giving import may_give
from tenants.members.models import Role, User
from tenants.members.operations.leaving import deactivate_member, reactivate_member
from tenants.members.operations.service_accounts import (
    create_service_account,
    update_service_account,
)
from tenants.members.permissions import MANAGE_SERVICE_ACCOUNTS, MANAGE_TEAMS
from tenants.members.recent_login import recent_login_to_save, recent_login_to_send, typed


@recent_login_to_save
@require_http_methods(["GET", "POST"])
def account_list(request: Request) -> HttpResponse:
    """Show the service accounts, and make one."""
    authorize(request.actor, MANAGE_SERVICE_ACCOUNTS)
    form = AccountForm(typed(request), **_choices(request))
    if request.method == "POST" and form.is_valid():
        values = {"language": request.workspace.language, **form.cleaned_data}
        account = _tried(form, lambda: create_service_account(actor=request.actor, **values))
        if account:
            toast(request, _("%(name)s saved.") % {"name": account.name})
            return redirect("service-account", pk=account.pk)
    usable = Q(api_keys__in=ApiKey.objects.usable(at=now()))
    context = {
        "form": form,
        "accounts": User.objects.filter(is_service=True)
        .select_related("role")
        .annotate(usable_keys=Count("api_keys", filter=usable))
        .order_by("-is_active", "given_name", "pk"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "settings/service_accounts.html", context, status=status)


@recent_login_to_save
@require_http_methods(["GET", "POST"])
def account_detail(request: Request, pk: UUID) -> HttpResponse:
    """Show and change a service account."""
    account = _found(request, pk)
    form = _form(request, account, typed(request))
    if request.method == "POST" and form.is_valid():
        saved = _tried(
            form,
            lambda: update_service_account(account, actor=request.actor, **form.cleaned_data),
        )
        if saved:
            toast(request, _("%(name)s saved.") % {"name": saved.name})
            return redirect("service-account", pk=pk)
    context = _context(request, account, form=form)
    status = 422 if request.method == "POST" else 200
    return render(request, "settings/service_account.html", context, status=status)


@recent_login_to_save
@require_http_methods(["GET", "POST"])
def account_key(request: Request, pk: UUID) -> HttpResponse:
    """Make a key of a service account and show its secret, this once."""
    account = _found(request, pk)
    form = KeyForm(typed(request), held=account.role.rights())
    made, secret = make_key(request, form, holder=account)
    context = _context(request, account, key_form=None if made else form)
    context |= {"made": made, "secret": secret}
    status = 422 if request.method == "POST" and not made else 200
    return render(request, "settings/service_account.html", context, status=status)


@recent_login_to_send("service-account", "pk")
def account_deactivate(request: Request, pk: UUID) -> HttpResponse:
    account = _found(request, pk)
    form = EndingForm(request.POST)
    if not form.is_valid():
        context = _context(request, account, ending=form)
        return render(request, "settings/service_account.html", context, status=422)
    successor = form.cleaned_data["successor"]
    deactivate_member(account, successor=successor, actor=request.actor)
    toast(request, _("%(name)s and its keys have ended.") % {"name": account.name})
    return redirect("service-account", pk=pk)


@recent_login_to_send("service-account", "pk")
def account_reactivate(request: Request, pk: UUID) -> HttpResponse:
    account = reactivate_member(_found(request, pk), actor=request.actor)
    toast(request, _("%(name)s can have keys again.") % {"name": account.name})
    return redirect("service-account", pk=pk)


def _tried(form: AccountForm, operation: Any) -> User | None:
    """Return what the operation makes; or nothing, with what is wrong in the form."""
    try:
        account: User = operation()
    except ValidationError as error:
        form.tell(error)
        return None
    return account


def _found(request: Request, pk: UUID) -> User:
    authorize(request.actor, MANAGE_SERVICE_ACCOUNTS)
    accounts = User.objects.filter(is_service=True).select_related("role")
    found: User = get_object_or_404(accounts, pk=pk)
    return found


def _choices(request: Request) -> dict[str, Any]:
    """Return what whoever asks may give an account: these roles, and perhaps teams."""
    roles = Role.objects.exclude(key=Role.Key.OWNER)
    return {
        "roles": [role for role in roles if may_give(role, actor=request.actor)],
        "may_teams": can(request.actor, MANAGE_TEAMS),
    }


def _form(request: Request, account: User, said: QueryDict | None = None) -> AccountForm:
    """Return the form as it was filled in, or with what the account is now."""
    initial = {
        "name": account.name,
        "role": account.role_id,
        "teams": list(account.memberships.values_list("team", flat=True)),
    }
    return AccountForm(said, **_choices(request), initial=initial)


def _context(
    request: Request,
    account: User,
    *,
    form: AccountForm | None = None,
    key_form: KeyForm | None = None,
    ending: EndingForm | None = None,
) -> dict[str, Any]:
    keys = ApiKey.objects.filter(user=account).select_related("user", "successor")
    reaches = may_give(account.role, actor=request.actor)
    return {
        "account": account,
        "form": form or _form(request, account),
        "key_form": key_form or KeyForm(held=account.role.rights()),
        "ending": ending or EndingForm(),
        "keys": keys.order_by("revoked_at", "-created_at", "pk"),
        "now": now(),
        "may_make_keys": reaches and account.is_active,
        "may_end": reaches and account.is_active,
        "may_reactivate": reaches and not account.is_active,
    }
