"""Who is asking: the member a session belongs to, their language and time zone, their permissions."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from core.actors import Actor
from core.error_pages import too_many_requests
from core.errors import OperationError
from core.http import GetResponse
from core.isolation.scope import Workspace, current_scope
from core.security_log import note_at_the_door
from tenants.members.networks import (
    OutsideNetworks,
    client_address,
    is_outside,
    is_shut_out,
)
from tenants.members.operations.sessions import note_use, recognise_browser
from tenants.members.recent_login import READING
from tenants.members.second_factors import is_overdue
from tenants.members.viewing import OnlyLooking, actor_of
from tenants.tries import WINDOW, is_worn_out, note_failure

NOBODY = Actor("system", None, "anonymous")
# By this secret a browser is known again; it opens nothing.
BROWSER_COOKIE, BROWSER_LASTS = "__Host-browser", timedelta(days=400)
# What counts as a failed log-in: the form again instead of the way on; or, where the page says
# the same to everybody, any try at all.
TRIED = {
    "account_login",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_reauthenticate",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "members:enter",
    "members:join",
    "members:prove-by-mail",
}
TOO_MANY = 429
BEGINNINGS = {"account_login", "account_request_login_code", "account_reset_password"}
ASKED = {"account_request_login_code", "account_reset_password"}
# What remains to those who lack a second factor they need by now: saying who they are, and setting one up.
SETTING_UP = {
    "account_reauthenticate",
    "language",
    "members:prove-by-mail",
    "members:two-step",
    "members:two-step-app",
    "members:two-step-passkey",
    "sso:acs",
    "sso:again",
    "sso:callback",
    "sso:finish",
}

# What else may be done while one looks as somebody else: being oneself again, and leaving.
WHILE_LOOKING = {"members:view-as-end", "account_logout"}


class MemberAuthenticationMiddleware(AuthenticationMiddleware):
    """Django's `request.user`, in workspaces only: the public host knows no members."""

    def process_request(self, request: HttpRequest) -> None:
        if isinstance(current_scope(), Workspace):
            super().process_request(request)


class SessionUseMiddleware:
    """Note where and when each session is used; a browser that is new to its member is told by mail.

    Around Django's own middleware, so that the session of a log-in has been saved.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _is_leaving(request, response):
            # What pages left in the browser goes with the session.
            response["Clear-Site-Data"] = '"cache", "storage"'
        row, at = getattr(getattr(request, "session", None), "row", None), timezone.now()
        if row is None or row.user_id is None or not row.needs_noting(at):
            return response
        user, agent = request.user, request.headers.get("User-Agent", "")
        is_new, is_saved = row.last_seen_at is None, request.session.session_key == row.session_key
        if is_saved and user.is_authenticated:
            note_use(row, user_agent=agent, ip=client_address(request), at=at)
            if is_new:
                note_at_the_door("logged in", member=row.user_id, session=row.pk)
                self._recognise(request, response, agent)
        return response

    def _recognise(self, request: HttpRequest, response: HttpResponse, agent: str) -> None:
        user: Any = request.user
        secret = recognise_browser(
            user,
            secret=request.COOKIES.get(BROWSER_COOKIE, "")[:64],
            user_agent=agent,
            actor=user.as_actor(),
        )
        response.set_cookie(
            BROWSER_COOKIE,
            secret,
            max_age=BROWSER_LASTS,
            secure=True,
            httponly=True,
            samesite="Lax",
        )


class FailedTriesMiddleware:
    """Shut the ways in to an address that failed too often lately, at whichever workspaces."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        name = _way_in(request)
        if name and response.status_code != TOO_MANY:
            is_over = name in ASKED or not _leads_on(response)
            note_at_the_door("log-in asked" if is_over else "log-in passed", page=name)
            if is_over:
                note_failure(client_address(request), at=timezone.now())
        return response

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        if not _way_in(request) or not is_worn_out(client_address(request), at=timezone.now()):
            return None
        note_at_the_door("log-in shut", page=_way_in(request))
        return too_many_requests(request, retry_after=int(WINDOW.total_seconds()))


def _leads_on(response: HttpResponse) -> bool:
    """Return whether a try succeeded: it is answered by the way on, not by the form or the way back to it."""
    if response.status_code not in (301, 302, 303):
        return False
    try:
        return resolve(urlsplit(response["Location"]).path).view_name not in BEGINNINGS
    except Resolver404:
        return False


def _is_leaving(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    is_left = response.status_code in (301, 302, 303) and request.method == "POST"
    return is_left and match is not None and match.view_name == "account_logout"


def _way_in(request: HttpRequest) -> str:
    """Return the name of the page somebody tries to log in by, or nothing."""
    match = request.resolver_match
    name = match.view_name if match and request.method == "POST" else ""
    return name if name in TRIED or name in ASKED else ""


class MembersOnlyMiddleware(LoginRequiredMiddleware):
    """In a workspace every page is closed to strangers unless it says otherwise."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not isinstance(current_scope(), Workspace):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class PreferencesMiddleware:
    """Speak the member's language and time zone; before log-in, the one chosen here or the workspace's."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language, zone = self._preferences(request)
        with translation.override(language), timezone.override(ZoneInfo(zone)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
        response.headers.setdefault("Content-Language", language)
        return response

    def _preferences(self, request: HttpRequest) -> tuple[str, str]:
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            return user.language, user.time_zone
        chosen = translation.get_language_from_request(request)
        workspace = getattr(request, "workspace", None)
        if workspace is None:
            return chosen, "UTC"
        is_chosen_here = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        return chosen if is_chosen_here else workspace.language, workspace.time_zone


class ActorMiddleware:
    """Set `request.actor`: the signed-in member, or nobody with no permission at all."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = getattr(request, "user", None)
        is_member = user is not None and user.is_authenticated
        request.actor = actor_of(request, user) if is_member else NOBODY  # type: ignore[attr-defined, arg-type]
        return self.get_response(request)


class OnlyLookingMiddleware:
    """Refuse whatever could change something while somebody looks as another member."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        is_free = request.method in READING or (match and match.view_name in WHILE_LOOKING)
        if request.actor.viewer is None or is_free:
            return None
        refusal = OnlyLooking()
        if not request.path.startswith("/api/"):
            context = {"refusal": refusal}
            return render(request, "errors/refused.html", context, status=refusal.status)
        problem = {
            "type": "about:blank",
            "title": str(refusal),
            "status": 403,
            "code": refusal.code,
        }
        return JsonResponse(problem, status=403, content_type="application/problem+json")


class PolicyMiddleware:
    """Hold members to the workspace's policy; the API does so itself, for keys and sessions alike.

    Those who lack the second factor they need are sent to where they set it up.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        user = getattr(request, "user", None)
        match = request.resolver_match
        if user is None or match is None or request.path.startswith("/api/v1/"):
            return None
        if match.view_name == "account_logout":
            return None
        if _is_shut(user, match.view_name, request):
            return _refused(request, OutsideNetworks())
        if not user.is_authenticated or not is_overdue(user, timezone.now()):
            return None
        request.is_locked = True  # type: ignore[attr-defined]
        if match.view_name in SETTING_UP:
            return None
        place = redirect("members:two-step")
        return HttpResponseClientRedirect(place.url) if request.headers.get("HX-Request") else place


def _is_shut(user: Any, place: str, request: HttpRequest) -> bool:
    # Strangers before a password is looked at: the answer tells nothing of whose it is.
    return is_outside(user, request) if user.is_authenticated else is_shut_out(place, request)


def _refused(request: HttpRequest, refusal: OperationError) -> HttpResponse:
    return render(request, "members/refused.html", {"refusal": refusal}, status=refusal.status)
