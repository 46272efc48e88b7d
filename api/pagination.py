"""Pages of a list: {"count", "next", "previous", "results"}."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from core.records.conditions.tree import PARAMETER
from core.records.paging import ListPage, Position
from core.records.registry import Listing

COUNT_HELP = "Exact up to 10,000; beyond that at least as many, or about as many."
EXACT_HELP = "Whether `count` is exact."


class Pages(PageNumberPagination):
    """Fifty to a page unless the caller asks otherwise, two hundred at most."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class RecordPages(Pages):
    """Pages of records: `next` and `previous` carry a cursor, so that the thousandth is as quick."""

    asked: Request
    list_page: ListPage

    def page_of(
        self, rows: QuerySet[Any], listing: Listing, order: str, request: Request
    ) -> ListPage:
        """Return the page asked for; one that begins after the last row is not found."""
        position = Position.of(request.query_params)
        size = self.get_page_size(request) or self.page_size
        params = request.query_params
        counts_along = bool(params.get("search") and not params.get(PARAMETER))
        page = ListPage(
            rows, listing, order, size=size, position=position, counts_along=counts_along
        )
        if not page.ids and page.number > 1:
            raise NotFound(self.invalid_page_message.format(page_number=page.number, message=""))
        self.asked, self.list_page = request, page
        return page

    def get_paginated_response(self, data: Any) -> Response:
        page = self.list_page
        return Response(
            {
                "count": page.count.number,
                "count_is_exact": page.count.is_exact,
                "next": self._link(page.next) if page.has_next else None,
                "previous": self._link(page.previous) if page.has_previous else None,
                "results": data,
            }
        )

    def _link(self, position: Position) -> str:
        address = urlsplit(self.asked.build_absolute_uri())
        params = QueryDict(address.query, mutable=True)
        for name in ("page", "at", "before"):
            params.pop(name, None)
        said = [*((name, value) for name, values in params.lists() for value in values)]
        query = urlencode([*said, *position.params().items()])
        return address._replace(query=query).geturl()

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        answer: dict[str, Any] = super().get_paginated_response_schema(schema)
        known = answer["properties"]
        known["count"]["description"] = COUNT_HELP
        known["count_is_exact"] = {"type": "boolean", "description": EXACT_HELP}
        answer["required"] = ["count", "count_is_exact", "results"]
        return answer

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        cursor = {"in": "query", "required": False, "schema": {"type": "string"}}
        help_text = "Where the page begins or ends; taken from `next` and `previous`."
        named = [{"name": name, "description": help_text, **cursor} for name in ("at", "before")]
        return [*super().get_schema_operation_parameters(view), *named]
