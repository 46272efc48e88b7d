"""What happens to every request, whichever host it came to."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from whitenoise.middleware import WhiteNoiseMiddleware

from core.errors import OperationError
from core.http import GetResponse
from core.logs import request_id
from core.permissions import all_permissions
from core.security_log import note_at_the_door


class RequestIdMiddleware:
    """Give each request a number of our own making, for logs and error pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = uuid4().hex[:12]  # type: ignore[attr-defined]
        token = request_id.set(request.request_id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        return response


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise, before any workspace is looked up: files belong to nobody."""


class OperationErrorMiddleware:
    """Turn an operation's refusal into a message, so no view needs a try/except."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationError):
            messages.error(request, str(exception))
            return render(
                request, "errors/refused.html", {"refusal": exception}, status=exception.status
            )
        if isinstance(exception, PermissionDenied):
            note_refusal(request, exception)
            return render(request, "errors/403.html", status=403)
        return None


def note_refusal(request: HttpRequest, refusal: Exception) -> None:
    """Note that somebody tried what they may not do."""
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    note_at_the_door(
        "refused",
        actor=f"{actor.kind}:{actor.id}" if actor else "nobody",
        page=match.view_name if match else "none",
        right=str(refusal) if str(refusal) in all_permissions() else "other",
    )


# What no page of ours asks a browser for, so that nothing slipped into one can either.
REFUSED_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
    "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in REFUSED_FEATURES)


class PrivatePagesMiddleware:
    """Pages are nobody's to keep or to embed: no cache may store them, no other site load them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
