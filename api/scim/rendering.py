"""SCIM's JSON: its media type, its error bodies, its marks of versions."""

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from pydantic import ValidationError as NotScim
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from scim2_models import Error, SCIMException

from core.errors import OperationError

MEDIA_TYPE = "application/scim+json"
LONGEST_BODY = 2**20
KEYWORDS = {"uniqueness", "invalidValue", "mutability", "invalidFilter", "noTarget", "invalidPath"}


class ScimParser(BaseParser):
    """JSON under SCIM's own name, read strictly: no half characters, no endless nesting."""

    media_type = MEDIA_TYPE

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Any = None
    ) -> dict[str, Any]:
        body = stream.read(LONGEST_BODY + 1)
        if len(body) > LONGEST_BODY:
            raise TooLarge
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise exceptions.ParseError("This is no JSON.") from error
        if not isinstance(said, dict) or b"\\u0000" in body:
            raise exceptions.ParseError("This is no JSON object that can be kept.")
        return said


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The request is too large."


class ScimRenderer(JSONRenderer):
    """JSON under SCIM's own name."""

    media_type = MEDIA_TYPE
    charset = None


class OnlyScim(BaseContentNegotiation):
    """There is one kind of answer, whatever a client says it likes."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next((each for each in parsers if _is_json(request)), None)

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        return renderers[0], renderers[0].media_type


def _is_json(request: Request) -> bool:
    kind = (request.content_type or MEDIA_TYPE).partition(";")[0].strip().lower()
    return kind in (MEDIA_TYPE, "application/json", "text/json", "")


def error_of(error: Exception) -> Error | None:
    """Return the SCIM error an exception is, or None when it is a bug."""
    return next((make(error) for kind, make in ERRORS.items() if isinstance(error, kind)), None)


def _refused(error: Any) -> Error:
    keyword = error.code if error.code in KEYWORDS else None
    return Error(status=error.status, scim_type=keyword, detail=str(error))


# The first that fits counts.
ERRORS: dict[type[Exception], Callable[[Any], Error]] = {
    SCIMException: lambda error: error.to_error(),
    NotScim: lambda error: Error.from_validation_errors(error)[0],
    OperationError: _refused,
    ValidationError: lambda error: Error(
        status=400, scim_type="invalidValue", detail=" ".join(error.messages)
    ),
    Http404: lambda error: Error(status=404, detail="There is no such resource."),
    PermissionDenied: lambda error: Error(status=403, detail="The token does not allow this."),
    exceptions.ParseError: lambda error: Error(
        status=400, scim_type="invalidSyntax", detail=str(error.detail)
    ),
    exceptions.APIException: lambda error: Error(
        status=error.status_code, detail=str(error.detail)
    ),
}


def version_of(said: dict[str, Any]) -> str:
    """Return the mark of this version of a resource: the same for the same content."""
    content = orjson.dumps({**said, "meta": None}, option=orjson.OPT_SORT_KEYS)
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
