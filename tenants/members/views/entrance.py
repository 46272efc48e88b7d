"""Ways into a workspace that are not the log-in page: from sign-up, by invitation, by a work address."""

from typing import Any

from allauth.mfa.webauthn.internal.auth import begin_registration
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import OperationError
from core.http import Request
from core.limits import refuse_flood
from tenants.members.browsers import browser_name
from tenants.members.forms.domains import AskForm
from tenants.members.forms.people import JoinForm
from tenants.members.login_tokens import redeem_login_token
from tenants.members.models import Invitation, JoinRequest, User
from tenants.members.operations.asking import (
    accept_join_request,
    ask_to_join,
    find_join_request,
)
from tenants.members.operations.factors import add_passkey
from tenants.members.operations.invitations import (
    InvitationSpent,
    accept_invitation,
    find_invitation,
)
from tenants.members.operations.joining import Newcomer
from tenants.members.ways_in import refuse_passwords

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


# The form comes from the public host, so it has no token of ours; its origin is checked instead.
@login_not_required
@csrf_exempt
@require_POST
def enter(request: Request) -> HttpResponse:
    """Log in by the token of a fresh sign-up."""
    refuse_flood(request, "public_signup_code")
    is_ours = request.headers.get("Origin") == settings.PUBLIC_URL
    user = redeem_login_token(request.POST.get("token", ""), at=now()) if is_ours else None
    if user is None:
        messages.error(request, _("This way in is used up. Sign in with your password."))
        return redirect("account_login")
    _log_in(request, user)
    return redirect("home")


@login_not_required
@require_http_methods(["GET", "POST"])
def ask(request: Request) -> HttpResponse:
    """Ask to join by a work address; the answer is the same whoever asks."""
    form = AskForm(request.POST or None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "members/ask.html", {"form": form}, status=status)
    email = form.cleaned_data["email"]
    refuse_flood(request, "join", key=email.lower())
    ask_to_join(email, language=str(get_language()), at=now())
    return render(request, "members/asked.html", {"email": email})


@login_not_required
@require_http_methods(["GET", "POST"])
def join(request: Request, secret: str) -> HttpResponse:
    """Become a member by the link of an invitation, or of a domain's mail."""
    try:
        way_in = _way_in(secret)
    except OperationError as error:
        return render(
            request, "members/invitation_spent.html", {"refusal": error}, status=error.status
        )
    form = JoinForm(request.POST or None, email=way_in.email)
    if form.is_bound:
        refuse_passwords()
    if not form.is_valid():
        return _join_page(request, form, way_in)
    said = dict(form.cleaned_data)
    credential = said.pop("credential")
    newcomer = Newcomer(**said, language=str(get_language()))
    if isinstance(way_in, Invitation):
        user = accept_invitation(way_in, newcomer=newcomer, at=now())
    else:
        user = accept_join_request(way_in, newcomer=newcomer, at=now())
    codes = _keep_passkey(request, user, credential) if credential else []
    _log_in(request, user)
    if not codes:
        return redirect("home")
    return render(request, "members/two_step_codes.html", {"codes": codes})


def _join_page(request: Request, form: JoinForm, way_in: Invitation | JoinRequest) -> HttpResponse:
    # Whoever joins will have the id of their way in.
    newcomer = User(pk=way_in.pk, email=way_in.email)
    options = begin_registration(newcomer, passwordless=True)
    context = {"form": form, "invitation": way_in, "options": options}
    return render(request, "members/join.html", context, status=422 if form.is_bound else 200)


def _keep_passkey(request: Request, user: User, credential: dict[str, Any]) -> list[str]:
    """Keep the passkey somebody joined with; return the recovery codes that go with it."""
    name = browser_name(request.headers.get("User-Agent", ""))
    return add_passkey(user, name=name, credential=credential, keep="", actor=user.as_actor())


def _way_in(secret: str) -> Invitation | JoinRequest:
    try:
        return find_invitation(secret, at=now())
    except InvitationSpent:
        return find_join_request(secret, at=now())


def _log_in(request: Request, user: User) -> None:
    login(request, user, backend=BACKEND)
    request.actor = user.as_actor()
