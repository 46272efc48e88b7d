"""How often one key or session may call, and a workspace as a whole; answers 429 with Retry-After."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api.rates import Limit, Standing, count_call, headers
from core.http import GetResponse


class CallerThrottle(BaseThrottle):
    """Counts the calls of one key, or of one member's browser."""

    standing: Standing | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        actor = request._request.actor
        if actor.id is None:
            return True
        return self.count(request, Limit.read("caller", settings.API_RATE), str(actor.id))

    def count(self, request: Request, limit: Limit, caller: str) -> bool:
        """Count the call, and keep how the caller stands for the answer's headers."""
        self.standing = count_call(limit, caller)
        known = getattr(request._request, "rate_standings", [])
        request._request.rate_standings = [*known, self.standing]
        return not self.standing.is_over

    def wait(self) -> float | None:
        return self.standing.seconds_left if self.standing else None


class WorkspaceThrottle(CallerThrottle):
    """Counts the calls of everybody in the workspace together; the cache keeps workspaces apart."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request._request.actor.id is None:
            return True
        return self.count(request, Limit.read("workspace", settings.API_WORKSPACE_RATE), "all")


class RateHeadersMiddleware:
    """Tell callers of the API how many calls they have left."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if standings := getattr(request, "rate_standings", None):
            for name, value in headers(standings).items():
                response.headers[name] = value
        return response
