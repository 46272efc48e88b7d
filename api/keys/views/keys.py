"""The settings pages where members make, renew, change and revoke API keys."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from api.keys.forms.keys import KeyChangeForm, KeyForm, RotationForm
from api.keys.models import ApiKey
from api.keys.operations import create_key, revoke_key, rotate_key, update_key
from api.keys.permissions import ADD_KEY, REVOKE_KEY
from core.access import can
from core.http import Request
from core.toasts import toast
from tenants.members.giving import may_give, rights_of_actor
from tenants.members.models import User
from tenants.members.recent_login import recent_login_to_save, recent_login_to_send, typed


@recent_login_to_save
@require_http_methods(["GET", "POST"])
def key_list(request: Request) -> HttpResponse:
    """Show the keys; after one was made, its secret, this once."""
    held = rights_of_actor(request.actor)
    form = KeyForm(typed(request), held=held)
    made, secret = make_key(request, form)
    if made:
        form = KeyForm(held=held)
    keys = ApiKey.objects.visible_to(request.actor).select_related("user", "successor")
    context = {
        "form": form,
        "keys": keys.order_by("revoked_at", "-created_at", "pk"),
        "made": made,
        "secret": secret,
        "now": now(),
        "breadcrumb": [{"label": _("API keys"), "url": reverse("api-keys")}],
    }
    status = 422 if request.method == "POST" and not made else 200
    return render(request, "settings/api_keys.html", context, status=status)


@recent_login_to_save
@require_http_methods(["GET", "POST"])
def key_detail(request: Request, pk: UUID) -> HttpResponse:
    """Show one key, and change its name or the addresses it works from."""
    key = _found(request, pk)
    initial = {"name": key.name, "networks": key.networks}
    form = KeyChangeForm(typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            update_key(key, changes=form.changes, actor=request.actor)
        except ValidationError as error:
            form.tell(error)
        else:
            toast(request, _("%(name)s saved.") % {"name": form.cleaned_data["name"]})
            return redirect("api-key", pk=pk)
    context = _context(request, key, form=form)
    status = 422 if request.method == "POST" else 200
    return render(request, "settings/api_key.html", context, status=status)


@recent_login_to_send("api-key", "pk")
def key_rotate(request: Request, pk: UUID) -> HttpResponse:
    """Make a key in this one's place and show its secret, this once."""
    key, form = _found(request, pk), RotationForm(request.POST)
    if not form.is_valid():
        return render(
            request, "settings/api_key.html", _context(request, key, rotation=form), status=422
        )
    made, secret = rotate_key(key, overlap=form.overlap, actor=request.actor, at=now())
    context = _context(request, _found(request, made.pk)) | {"made": made, "secret": secret}
    return render(request, "settings/api_key.html", context)


@require_POST
def key_revoke(request: Request, pk: UUID) -> HttpResponse:
    key = _found(request, pk)
    revoke_key(key, actor=request.actor, at=now())
    toast(request, _("%(name)s was revoked.") % {"name": key.name})
    return redirect("api-keys")


def make_key(
    request: Request, form: KeyForm, *, holder: User | None = None
) -> tuple[ApiKey | None, str]:
    """Return the key a filled form asks for and its secret; or nothing, with what is wrong in the form."""
    if request.method != "POST" or not form.is_valid():
        return None, ""
    try:
        return create_key(
            actor=request.actor,
            name=form.cleaned_data["name"],
            expires_at=form.expires_at,
            holder=holder,
            grants=form.grants,
            networks=form.cleaned_data["networks"],
        )
    except ValidationError as error:
        form.tell(error)
        return None, ""


def _found(request: Request, pk: UUID) -> ApiKey:
    keys = ApiKey.objects.visible_to(request.actor).select_related("user__role", "successor")
    found: ApiKey = get_object_or_404(keys, pk=pk)
    return found


def _context(
    request: Request,
    key: ApiKey,
    *,
    form: KeyChangeForm | None = None,
    rotation: RotationForm | None = None,
) -> dict[str, Any]:
    at = now()
    is_usable = key.is_usable(at)
    reaches = not key.user.is_service or may_give(key.user.role, actor=request.actor)
    may_change = is_usable and reaches and can(request.actor, ADD_KEY, key)
    return {
        "key": key,
        "now": at,
        "form": form or KeyChangeForm(initial={"name": key.name, "networks": key.networks}),
        "rotation": rotation or RotationForm(),
        "may_change": may_change,
        "may_rotate": may_change and key.successor_id is None,
        "may_revoke": is_usable and can(request.actor, REVOKE_KEY, key),
        "breadcrumb": [
            {"label": _("API keys"), "url": reverse("api-keys")},
            {"label": key.name, "url": reverse("api-key", args=[key.pk])},
        ],
    }
