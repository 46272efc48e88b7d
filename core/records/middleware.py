"""Lets every page have its record type as whoever asks sees it."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.http import GetResponse
from core.records.narrowing import seen_as
from core.records.registry import RecordType


class SeenRecordTypeMiddleware:
    """Narrow the record type that an address carries to the fields the actor may see."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view_func: Any, view_args: Any, view_kwargs: dict[str, Any]
    ) -> None:
        known = view_kwargs.get("record_type")
        if isinstance(known, RecordType):
            view_kwargs["record_type"] = seen_as(known, request.actor)
