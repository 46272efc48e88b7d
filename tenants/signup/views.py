"""The public host's pages: the way in, finding one's workspaces, the legal texts."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from core.errors import OperationError
from core.http import Request
from core.limits import refuse_flood
from tenants.addresses import normalise, refuse_taken, refuse_unsuitable, suggestion_for
from tenants.models import workspace_url
from tenants.signup import guesses
from tenants.signup.forms import CodeForm, EmailForm, WorkspaceForm
from tenants.signup.jobs import send_workspaces
from tenants.signup.legal import PRIVACY_VERSION, TERMS_VERSION
from tenants.signup.models import SignupRequest
from tenants.signup.operations import (
    begin_signup,
    find_request,
    hand_over,
    prove_email,
    request_workspace,
    resend_code,
)

COOKIE = "__Host-signup"
ENTER = reverse_lazy("signup:enter", urlconf=settings.PUBLIC_SCHEMA_URLCONF)
POINTS = (
    {
        "icon": "lock-keyhole",
        "title": _("Sealed for each person."),
        "text": _("Names, contact details and notes are encrypted under a key of their own."),
    },
    {
        "icon": "upload",
        "title": _("Your customers in ten minutes."),
        "text": _(
            "Import the file you have; columns are recognised, nothing is written before you agree."
        ),
    },
    {
        "icon": "keyboard",
        "title": _("Fast hands welcome."),
        "text": _("Everything answers to the keyboard, on a phone too, in English and Chinese."),
    },
)
PAGES = {
    SignupRequest.State.PROVING: "signup:code",
    SignupRequest.State.DESCRIBING: "signup:workspace",
    SignupRequest.State.OPENING: "signup:progress",
    SignupRequest.State.OPEN: "signup:progress",
    SignupRequest.State.FAILED: "signup:progress",
}


def _mine(request: Request) -> SignupRequest | None:
    secret = request.COOKIES.get(COOKIE, "")
    return find_request(secret, at=now()) if secret else None


@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponse:
    """The front page: an e-mail address is enough to begin."""
    form = EmailForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "signup/start.html", {"form": form, "points": POINTS}, status=status)
    email = form.cleaned_data["email"]
    refuse_flood(request, "public_signup", key=email)
    _signup, secret = begin_signup(email, language=str(get_language()), at=now())
    response = redirect("signup:code")
    response.set_cookie(
        COOKIE, secret, max_age=24 * 3600, secure=True, httponly=True, samesite="Lax", path="/"
    )
    return response


@require_http_methods(["GET", "POST"])
def code(request: Request) -> HttpResponse:
    signup = _mine(request)
    if signup is None or signup.state != SignupRequest.State.PROVING:
        return redirect(PAGES[SignupRequest.State(signup.state)] if signup else "signup:start")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        refuse_flood(request, "public_signup_code")
        try:
            prove_email(signup, form.cleaned_data["code"], at=now())
        except OperationError as error:
            form.add_error("code", str(error))
        else:
            return redirect("signup:workspace")
    signup.refresh_from_db()
    next_at = signup.next_code_at()
    wait = max(0, round((next_at - now()).total_seconds())) if next_at else 0
    context = {"form": form, "signup": signup, "next_code_at": next_at, "wait_seconds": wait}
    return render(request, "signup/code.html", context, status=422 if form.is_bound else 200)


@require_POST
def resend(request: Request) -> HttpResponse:
    signup = _mine(request)
    if signup is None:
        return redirect("signup:start")
    refuse_flood(request, "public_signup", key=signup.email)
    resend_code(signup, at=now())
    return redirect("signup:code")


@require_http_methods(["GET", "POST"])
def workspace(request: Request) -> HttpResponse:
    signup = _mine(request)
    allowed = (SignupRequest.State.DESCRIBING, SignupRequest.State.FAILED)
    if signup is None or signup.state not in allowed:
        return redirect(PAGES[SignupRequest.State(signup.state)] if signup else "signup:start")
    form = WorkspaceForm(request.POST or None, email=signup.email, initial=_first(request, signup))
    if form.is_valid():
        try:
            request_workspace(signup, form.company(), at=now())
        except ValidationError as error:
            form.add_error("slug", error.messages)
        else:
            return redirect("signup:progress")
    context = {"form": form, "address_suffix": f".{settings.BASE_DOMAIN}{settings.ADDRESS_SUFFIX}"}
    return render(request, "signup/workspace.html", context, status=422 if form.is_bound else 200)


def _first(request: Request, signup: SignupRequest) -> dict[str, str]:
    """Return what the form holds at first: what was said before, or a guess."""
    country = signup.country or guesses.country_of(request.headers)
    return {
        "name": signup.company,
        "slug": signup.slug,
        "language": signup.language,
        "country": country,
        "time_zone": signup.time_zone or guesses.time_zone_of(country),
    }


@require_GET
def check_address(request: Request) -> HttpResponse:
    """Say under the field, while it is typed, whether the address can be had."""
    refuse_flood(request, "public_address_check")
    slug = normalise(request.GET.get("slug", ""))
    if not slug:
        return HttpResponse("")
    context = {"url": workspace_url(slug).removeprefix(f"{settings.SCHEME}://"), "reason": ""}
    try:
        refuse_unsuitable(slug)
        refuse_taken(slug, at=now())
    except ValidationError as error:
        context["reason"] = error.messages[0]
    return render(request, "signup/address_check.html", context)


@require_GET
def suggest_address(request: Request) -> HttpResponse:
    """Answer with an address made of the company's name."""
    return HttpResponse(suggestion_for(request.GET.get("name", "")), content_type="text/plain")


@require_GET
def progress(request: Request) -> HttpResponse:
    """Wait for the workspace; once it is there, lead inside."""
    signup = _mine(request)
    if signup is None:
        return redirect("signup:start")
    if signup.state in (SignupRequest.State.PROVING, SignupRequest.State.DESCRIBING):
        return redirect(PAGES[SignupRequest.State(signup.state)])
    if signup.state == SignupRequest.State.OPEN:
        return HttpResponseClientRedirect(str(ENTER)) if request.htmx else redirect(ENTER)
    template = "signup/progress.html#state" if request.htmx else "signup/progress.html"
    return render(request, template, {"signup": signup})


def enter(request: Request) -> HttpResponse:
    """Hand the browser over to the workspace by a form, so that the token stands in no address."""
    signup = _mine(request)
    if signup is None or signup.state != SignupRequest.State.OPEN:
        return redirect("signup:progress" if signup else "signup:start")
    url, token = hand_over(signup, at=now())
    # This page alone may send a form to another host: the new workspace's.
    policy = {**settings.SECURE_CSP, "form-action": ["'self'", url]}
    response = render(request, "signup/enter.html", {"url": url, "token": token})
    response._csp_config = policy  # type: ignore[attr-defined]
    response.delete_cookie(COOKIE, path="/")
    return response


@require_http_methods(["GET", "POST"])
def find(request: Request) -> HttpResponse:
    """Find my workspaces: whatever the address, the page says the same and the mail tells."""
    form = EmailForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "signup/find.html", {"form": form}, status=status)
    email = form.cleaned_data["email"]
    refuse_flood(request, "public_find", key=email)
    send_workspaces(email, language=str(get_language()))
    return render(request, "signup/find_sent.html", {"email": email})


@require_GET
def terms(request: Request) -> HttpResponse:
    return render(request, "public/terms.html", {"version": TERMS_VERSION})


@require_GET
def privacy(request: Request) -> HttpResponse:
    return render(request, "public/privacy.html", {"version": PRIVACY_VERSION})
