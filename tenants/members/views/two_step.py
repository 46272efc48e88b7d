"""A member's own two-step verification: authenticator app, passkeys, recovery codes."""

from base64 import b64encode

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal.auth import begin_registration
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.http import Request
from tenants.members.browsers import browser_name
from tenants.members.forms.factors import AppForm, PasskeyForm, PasskeyNameForm
from tenants.members.models import User
from tenants.members.operations import factors
from tenants.members.recent_login import recent_login_required

# The secret an app is being set up with, sealed; it counts once a code of it was entered.
PENDING = "two_step_secret"


@require_GET
def overview(request: Request) -> HttpResponse:
    """What is on, and what can be set up."""
    found = list(Authenticator.objects.filter(user_id=request.user.pk).order_by("pk"))
    kind = Authenticator.Type
    codes = next((each.wrap() for each in found if each.type == kind.RECOVERY_CODES), None)
    context = {
        "app": next((each for each in found if each.type == kind.TOTP), None),
        "passkeys": [each.wrap() for each in found if each.type == kind.WEBAUTHN],
        "has_codes": codes is not None,
        "codes_left": len(codes.get_unused_codes()) if codes else 0,
    }
    return render(request, "members/two_step.html", context)


@recent_login_required
@require_http_methods(["GET", "POST"])
def app(request: Request) -> HttpResponse:
    """Set up an authenticator app: it counts once one of its codes was entered."""
    member, adapter = _member(request), get_adapter()
    if request.method == "GET" or PENDING not in request.session:
        request.session[PENDING] = adapter.encrypt(generate_totp_secret())
    secret = adapter.decrypt(request.session[PENDING])
    form = AppForm(request.POST or None, user=member, secret=secret)
    if form.is_valid():
        del request.session[PENDING]
        codes = factors.add_app(member, secret=secret, keep=_here(request), actor=request.actor)
        return _set_up(request, codes)
    url = adapter.build_totp_url(member, secret)
    image = b64encode(adapter.build_totp_svg(url).encode()).decode()
    context = {"form": form, "secret": secret, "url": url, "image": image}
    return render(request, "members/two_step_app.html", context, status=_status(form))


@recent_login_required
@require_http_methods(["GET", "POST"])
def passkey(request: Request) -> HttpResponse:
    """Add a passkey: the browser makes it, and sends what we keep of it."""
    member = _member(request)
    initial = {"name": browser_name(request.headers.get("User-Agent", ""))}
    form = PasskeyForm(request.POST or None, user=member, initial=initial)
    if form.is_valid():
        codes = factors.add_passkey(
            member,
            name=form.cleaned_data["name"],
            credential=form.cleaned_data["credential"],
            keep=_here(request),
            actor=request.actor,
        )
        return _set_up(request, codes)
    context = {"form": form, "options": begin_registration(member, passwordless=True)}
    return render(request, "members/two_step_passkey.html", context, status=_status(form))


@recent_login_required
@require_http_methods(["GET", "POST"])
def rename(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(
        Authenticator, pk=pk, user_id=request.user.pk, type=Authenticator.Type.WEBAUTHN
    )
    form = PasskeyNameForm(request.POST or None, initial={"name": found.wrap().name})
    if form.is_valid():
        factors.rename_passkey(found, name=form.cleaned_data["name"], actor=request.actor)
        messages.success(request, _("Passkey renamed."))
        return redirect("members:two-step")
    context = {"form": form, "passkey": found.wrap()}
    return render(request, "members/two_step_rename.html", context, status=_status(form))


@recent_login_required
@require_http_methods(["GET", "POST"])
def remove(request: Request, pk: int) -> HttpResponse:
    """Take an app or a passkey away, once it was said to be meant."""
    found = get_object_or_404(
        Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES),
        pk=pk,
        user_id=request.user.pk,
    )
    if request.method == "POST":
        factors.remove_factor(found, keep=_here(request), actor=request.actor)
        messages.success(request, _("Removed. You are signed out everywhere else."))
        return redirect("members:two-step")
    return render(request, "members/two_step_remove.html", {"factor": found})


@recent_login_required
@require_http_methods(["GET", "POST"])
def codes(request: Request) -> HttpResponse:
    """Make new recovery codes and show them, this once."""
    if request.method == "GET":
        return render(request, "members/two_step_codes.html")
    made = factors.renew_recovery_codes(_member(request), keep=_here(request), actor=request.actor)
    return render(request, "members/two_step_codes.html", {"codes": made})


def _set_up(request: Request, codes: list[str]) -> HttpResponse:
    messages.success(request, _("Two-step verification is on. You are signed out everywhere else."))
    if codes:
        return render(request, "members/two_step_codes.html", {"codes": codes})
    return redirect("members:two-step")


def _member(request: Request) -> User:
    member: User = User.objects.get(pk=request.user.pk)
    return member


def _here(request: Request) -> str:
    return request.session.session_key or ""


def _status(form: AppForm | PasskeyForm | PasskeyNameForm) -> int:
    return 422 if form.is_bound else 200
