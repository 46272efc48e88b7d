"""Search over everything in the API."""

from functools import partial
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.auth import is_let_into
from core.records.finding import Hit, find_everywhere

LONGEST = 100
SHOWN = 20


class HitSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    title = serializers.CharField()
    detail = serializers.CharField()
    url = serializers.CharField(help_text="The page of what was found.")


class FindingsSerializer(serializers.Serializer):
    """What one kind of thing has for the query, the likeliest first."""

    type = serializers.CharField()
    hits = HitSerializer(many=True)
    has_more = serializers.BooleanField()


class SearchView(APIView):
    """Everything the caller may see that matches, grouped by kind."""

    @extend_schema(
        parameters=[OpenApiParameter("q", str, required=True, description="What was typed.")],
        responses=FindingsSerializer(many=True),
        operation_id="search",
    )
    def get(self, request: Request) -> Response:
        """People by the beginnings of names and addresses or a whole number, companies by name and
        domain, notes by whole words where a key lets into them."""
        query = request.query_params.get("q", "")[:LONGEST]
        opens = partial(is_let_into, request=request)
        found = find_everywhere(query, actor=request._request.actor, shown=SHOWN, opens=opens)
        return Response(
            [
                {
                    "type": kind.name,
                    "hits": [_said(hit) for hit in kind.hits],
                    "has_more": kind.has_more,
                }
                for kind in found
            ]
        )


def _said(hit: Hit) -> dict[str, Any]:
    return {"id": hit.id, "title": hit.title, "detail": hit.detail, "url": hit.url}
