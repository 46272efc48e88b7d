"""Who is asking: the member a session belongs to, their language and time zone, their permissions."""

from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone, translation

from core.actors import Actor
from core.http import GetResponse
from core.isolation.scope import Workspace, current_scope

NOBODY = Actor("system", None, "anonymous")


class MemberAuthenticationMiddleware(AuthenticationMiddleware):
    """Django's `request.user`, in workspaces only: the public host knows no members."""

    def process_request(self, request: HttpRequest) -> None:
        if isinstance(current_scope(), Workspace):
            super().process_request(request)


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
        request.actor = user.as_actor() if is_member else NOBODY  # type: ignore[attr-defined, union-attr]
        return self.get_response(request)
