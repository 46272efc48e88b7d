"""The settings page where members make and revoke their API keys."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from api.keys.forms import KeyForm
from api.keys.models import ApiKey
from api.keys.operations import create_key, revoke_key
from core.http import Request
from core.toasts import toast
from tenants.members.recent_login import recent_login_to_write


@login_required
@recent_login_to_write
@require_http_methods(["GET", "POST"])
def key_list(request: Request) -> HttpResponse:
    """Show the keys; after one was made, its secret, this once."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        key, secret = create_key(
            actor=request.actor, name=form.cleaned_data["name"], expires_at=form.expires_at
        )
        return render(request, "settings/api_keys.html", _context(request, KeyForm(), key, secret))
    status = 422 if form.is_bound else 200
    return render(request, "settings/api_keys.html", _context(request, form), status=status)


@login_required
@require_POST
def key_revoke(request: Request, pk: UUID) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.visible_to(request.actor), pk=pk)
    revoke_key(key, actor=request.actor, at=datetime.now(UTC))
    toast(request, _("%(name)s was revoked.") % {"name": key.name})
    return redirect("api-keys")


def _context(request: Request, form: KeyForm, made: Any = None, secret: str = "") -> dict[str, Any]:
    keys = ApiKey.objects.visible_to(request.actor).select_related("user")
    return {
        "form": form,
        "keys": keys.order_by("revoked_at", "-created_at", "pk"),
        "made": made,
        "secret": secret,
        "now": datetime.now(UTC),
        "breadcrumb": [{"label": _("API keys"), "url": reverse("api-keys")}],
    }
