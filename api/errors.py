"""One error shape for the whole API: problem details that name what is wrong where."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import OperationError
from core.middleware import note_refusal

PROBLEM = "application/problem+json"
WHOLE = "non_field_errors"


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a refusal as problem details; anything else is a bug and rises."""
    if isinstance(error, OperationError):
        return problem(error.status, error.code, str(error), details=error.details)
    if isinstance(error, ValidationError):
        return _invalid(_of_operation(error))
    if isinstance(error, exceptions.ValidationError):
        return _invalid(dict(_of_serializer(error.detail)))
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied | exceptions.Throttled):
        note_refusal(context["request"]._request, error)
    answer = exception_handler(_as_api_exception(error), context)
    if answer is None:
        return None
    detail = answer.data.get("detail", "")
    headers = {name: answer[name] for name in ("WWW-Authenticate", "Retry-After") if name in answer}
    code = getattr(detail, "code", "error")
    return problem(answer.status_code, code, str(detail), headers=headers)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Mapping[str, list[str]] | None = None,
    headers: Mapping[str, str] | None = None,
    details: Mapping[str, Any] | None = None,
) -> Response:
    """Return a problem-details answer."""
    said = {
        "type": "about:blank",
        "title": _title(status),
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors is not None:
        said["errors"] = dict(errors)
    said |= details or {}
    return Response(said, status=status, content_type=PROBLEM, headers=dict(headers or {}))


def _title(status: int) -> str:
    titles = {
        400: _("Invalid input"),
        401: _("Not authenticated"),
        403: _("Not allowed"),
        404: _("Not found"),
        405: _("Method not allowed"),
        409: _("Not possible now"),
        415: _("Unsupported media type"),
        429: _("Too many requests"),
    }
    return titles.get(status, _("Error"))


def _as_api_exception(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return exceptions.NotFound(_("There is no such record."))
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(_("Your role does not include this."))
    return error


def _invalid(errors: Mapping[str, list[str]]) -> Response:
    return problem(400, "invalid", _("Some values cannot be accepted."), errors=errors)


def _of_operation(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {WHOLE: error.messages}


def _of_serializer(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield each wrong value's path with its messages: phones.0.number."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _of_serializer(inner, f"{path}.{name}" if path else str(name))
    elif detail and isinstance(detail, list) and isinstance(detail[0], Mapping | list):
        for number, inner in enumerate(detail):
            yield from _of_serializer(inner, f"{path}.{number}")
    elif detail:
        yield (
            path or WHOLE,
            [str(each) for each in (detail if isinstance(detail, list) else [detail])],
        )
