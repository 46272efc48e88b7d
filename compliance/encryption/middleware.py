"""An honest answer to requests that need a key while the vault is away."""

import logging
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _

from compliance.encryption.errors import KeyUnavailable
from core import error_pages

RETRY_AFTER_SECONDS = 30

log = logging.getLogger(__name__)


class VaultUnavailableMiddleware:
    """Answers 503 with Retry-After when a sealed value was needed and its key cannot be had."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        except KeyUnavailable:
            return unavailable(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, KeyUnavailable):
            return None
        if transaction.get_connection().in_atomic_block:
            # Half of a change must not be kept because the other half could not be sealed.
            transaction.set_rollback(True)
        return unavailable(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return the 503: as a page, or as problem+json to programs."""
    log.error("A request failed because the key vault is unavailable.")
    if "text/html" in request.headers.get("Accept", ""):
        page = error_pages.unavailable(request, retry_after=RETRY_AFTER_SECONDS)
        return page.render() if isinstance(page, SimpleTemplateResponse) else page
    problem = {
        "type": "about:blank",
        "title": _("Personal data cannot be opened just now. Try again in a minute."),
        "status": 503,
        "code": "vault_unavailable",
    }
    response = JsonResponse(problem, status=503, content_type="application/problem+json")
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response
