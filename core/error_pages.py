"""What people see when a page cannot be shown: one calm page per reason, with a way on.

They ask the database nothing and use no context processor, so that they also work
when everything else does not.
"""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.http.request import HttpRequest
from django.template.response import SimpleTemplateResponse

# Programs that ask here are answered in their own way.
API = "/api/v1/"


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 without telling whether the record exists."""
    return _page(request, "errors/404.html", 404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: the person may not do this."""
    return _page(request, "errors/403.html", 403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: the request made no sense."""
    return _page(request, "errors/400.html", 400)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500: the fault is ours."""
    return _page(request, "errors/500.html", 500)


def unavailable(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    """Answer 503: something the page needs is away, and will be back."""
    response = _page(request, "errors/503.html", 503)
    response["Retry-After"] = str(retry_after)
    return response


def too_many_requests(request: HttpRequest, *, retry_after: int | None = None) -> HttpResponse:
    """Answer 429, saying after how many seconds it is worth trying again."""
    response = _page(request, "errors/429.html", 429, retry_after=retry_after)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403: the form was too old or came from elsewhere."""
    return _page(request, "errors/csrf.html", 403)


def unknown_host(request: HttpRequest) -> HttpResponse:
    """Answer 404: no workspace lives at this address."""
    return _page(request, "errors/unknown_host.html", 404)


def _page(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    if request.path.startswith(API):
        return _problem(status)
    workspace = getattr(request, "workspace", None)
    facts: dict[str, Any] = {
        "request": request,
        "request_id": getattr(request, "request_id", ""),
        "workspace_name": getattr(workspace, "name", ""),
        "support_email": getattr(settings, "SUPPORT_EMAIL", ""),
    }
    return SimpleTemplateResponse(template, facts | context, status=status)


def _problem(status: int) -> HttpResponse:
    """Return the same for a program, as the API tells its refusals."""
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_")
    said = {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": phrase,
        "code": code,
    }
    return JsonResponse(said, status=status, content_type="application/problem+json")
