"""Signing in through a provider: away to it, and back with what it proves."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from core.access import authorize
from core.errors import OperationError
from core.http import Request
from core.limits import refuse_flood
from tenants.members.permissions import CHANGE_SECURITY
from tenants.members.second_factors import VOUCHED
from tenants.sso import oidc, saml
from tenants.sso.attempts import Attempt, Purpose, begin_attempt, take_attempt
from tenants.sso.claims import Arrival, arrival_of
from tenants.sso.models import Connection
from tenants.sso.operations.arriving import admit_arrival
from tenants.sso.operations.assertions import keep_assertion, take_assertion
from tenants.sso.operations.connections import note_tested
from tenants.sso.outcomes import Outcome, outcome_of
from tenants.sso.refusals import Cancelled, SignInFailed


@login_not_required
@require_GET
def start(request: Request, pk: UUID) -> HttpResponse:
    """Send the browser to the provider."""
    refuse_flood(request, "sso")
    connection = get_object_or_404(Connection.objects.offered(), pk=pk)
    return _to_provider(request, connection, Purpose.LOG_IN)


@require_GET
def again(request: Request, pk: UUID) -> HttpResponse:
    """Have a member prove at the provider, once more, who they are."""
    offered = (
        Connection.objects.offered().filter(identities__user_id=str(request.user.pk)).distinct()
    )
    return _to_provider(request, get_object_or_404(offered, pk=pk), Purpose.AGAIN)


@require_GET
def test(request: Request, pk: UUID) -> HttpResponse:
    """Make a whole sign-in that shows what would come of it, and changes nothing."""
    authorize(request.actor, CHANGE_SECURITY)
    return _to_provider(request, get_object_or_404(Connection, pk=pk), Purpose.TEST)


def _to_provider(request: Request, connection: Connection, purpose: Purpose) -> HttpResponse:
    attempt = begin_attempt(request, connection, purpose=purpose, next_url=_next(request))
    protocol = oidc if connection.is_oidc else saml
    return redirect(protocol.address_to_ask(connection, attempt))


def _next(request: Request) -> str:
    """Return where to go on afterwards: a page of this workspace."""
    wanted = request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


@login_not_required
@require_GET
def callback(request: Request, pk: UUID) -> HttpResponse:
    """Take an OpenID Connect provider's answer."""
    refuse_flood(request, "sso")
    connection = get_object_or_404(Connection, pk=pk, protocol=Connection.Protocol.OIDC)
    attempt = take_attempt(request, connection, request.GET.get("state", ""))
    if attempt is None:
        return _refused(request, SignInFailed("state"))
    try:
        arrival = _proven(request, connection, attempt)
        return _arrived(request, connection, attempt, arrival)
    except OperationError as refusal:
        return _refused(request, refusal, connection, attempt)


def _proven(request: Request, connection: Connection, attempt: Attempt) -> Arrival:
    told = request.GET
    if told.get("iss", connection.endpoints["issuer"]) != connection.endpoints["issuer"]:
        raise SignInFailed("iss")
    if told.get("error") == "access_denied":
        raise Cancelled("access_denied")
    if "error" in told or not told.get("code"):
        raise SignInFailed("error")
    subject, said = oidc.claims_for(connection, attempt, told["code"])
    return arrival_of(connection, subject, said)


# The provider's own page posts here, without our cookies; what is signed has to prove everything.
@login_not_required
@csrf_exempt
@require_POST
def acs(request: Request, pk: UUID) -> HttpResponse:
    """Take a SAML provider's answer, and have the browser fetch it with its cookies."""
    refuse_flood(request, "sso")
    connection = get_object_or_404(Connection, pk=pk, protocol=Connection.Protocol.SAML)
    try:
        answer = saml.read_answer(connection, request.POST.get("SAMLResponse", ""))
        if not answer.in_response_to and not connection.is_unasked_allowed:
            raise SignInFailed("unasked")
        ticket = keep_assertion(connection, answer, at=now())
    except OperationError as refusal:
        return _refused(request, refusal)
    response = redirect("sso:finish", connection.pk, ticket)
    response.status_code = 303
    return response


@login_not_required
@require_GET
def finish(request: Request, pk: UUID, ticket: str) -> HttpResponse:
    """Go on with a SAML answer in the browser that asked for it."""
    connection = get_object_or_404(Connection, pk=pk, protocol=Connection.Protocol.SAML)
    attempt = None
    try:
        taken = take_assertion(connection, ticket, at=now())
        if taken.in_response_to:
            attempt = take_attempt(request, connection, taken.in_response_to)
            if attempt is None:
                raise SignInFailed("state")
            attempt.refuse_old_log_in(taken.asked_at)
        elif not connection.is_unasked_allowed:
            raise SignInFailed("unasked")
        arrival = arrival_of(connection, taken.subject, taken.said)
        return _arrived(request, connection, attempt, arrival)
    except OperationError as refusal:
        return _refused(request, refusal, connection, attempt)


@login_not_required
@require_GET
def metadata(request: Request, pk: UUID) -> HttpResponse:
    """Describe ourselves to a SAML provider."""
    connection = get_object_or_404(Connection, pk=pk, protocol=Connection.Protocol.SAML)
    return HttpResponse(saml.metadata(connection), content_type="application/samlmetadata+xml")


def _arrived(
    request: Request, connection: Connection, attempt: Attempt | None, arrival: Arrival
) -> HttpResponse:
    purpose = attempt.purpose if attempt else Purpose.LOG_IN
    if purpose == Purpose.TEST:
        return _tested(request, connection, arrival)
    if purpose == Purpose.AGAIN:
        return _proven_again(request, connection, attempt, arrival)
    if request.user.is_authenticated:
        logout(request)
    member = admit_arrival(connection, arrival, language=str(get_language()), at=now())
    request.sso_connection = connection  # type: ignore[attr-defined]
    if connection.has_second_factor:
        request.session[VOUCHED] = str(member.pk)
    record_authentication(request, member, "socialaccount", provider=connection.provider_id)
    place = attempt.next if attempt else ""
    response: HttpResponse = perform_login(
        request,
        member,
        email_verification="none",
        redirect_url=place or settings.LOGIN_REDIRECT_URL,
    )
    return response


def _tested(request: Request, connection: Connection, arrival: Arrival) -> HttpResponse:
    """Show what the provider said and what would come of it; nobody is signed in, made or changed."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    connection = note_tested(connection, actor=request.actor, at=now())
    outcome: Outcome | None = None
    refusal: OperationError | None = None
    try:
        outcome = outcome_of(connection, arrival)
    except OperationError as error:
        refusal = error
    said = sorted((name, _as_text(value)) for name, value in arrival.said.items())
    context = {
        "connection": connection,
        "arrival": arrival,
        "said": said,
        "outcome": outcome,
        "refusal": refusal,
    }
    return render(request, "sso/tested.html", context)


def _as_text(value: Any) -> str:
    """Return a claim as the provider wrote it; lists as their members."""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _proven_again(
    request: Request, connection: Connection, attempt: Attempt | None, arrival: Arrival
) -> HttpResponse:
    if not request.user.is_authenticated:
        raise SignInFailed("somebody else")
    own = connection.identities.filter(user_id=str(request.user.pk), subject=arrival.subject)
    if not own.exists():
        raise SignInFailed("somebody else")
    record_authentication(
        request,
        request.user,
        "socialaccount",
        provider=connection.provider_id,
        reauthenticated=True,
    )
    return redirect((attempt and attempt.next) or settings.LOGIN_REDIRECT_URL)


def _other_ways(request: Request, attempt: Attempt) -> list[dict[str, Any]]:
    """Return how else somebody may say who they are and go on to where they wanted."""
    ways = get_adapter().get_reauthentication_methods(request.user)
    kept = urlencode({"next": attempt.next})
    return [way | {"url": f"{way['url']}?{kept}"} for way in ways if way["id"] != "sso"]


def _refused(
    request: Request,
    refusal: OperationError,
    connection: Connection | None = None,
    attempt: Attempt | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"refusal": refusal, "connection": connection}
    if attempt is not None and attempt.is_again:
        context["reauthentication_alternatives"] = _other_ways(request, attempt)
    if connection is not None and attempt is not None and attempt.is_test:
        return render(request, "sso/test_failed.html", context, status=refusal.status)
    return render(request, "sso/refused.html", context, status=refusal.status)
