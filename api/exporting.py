"""Records as files for programs: the same rows and columns a person's export has."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import authorize
from core.records.registry import RecordType
from crm.transfer.export.columns import columns_of
from crm.transfer.export.writers import FORMATS
from crm.transfer.exporting import ask_for_export, fetch_export
from crm.transfer.jobs import write_now_or_later
from crm.transfer.models import Export

# Parameters of the export itself; all others say which records.
OWN = ("format", "columns", "export")


def _parameter(name: str, about: str, *allowed: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, description=about, enum=allowed or None)


PARAMETERS = (
    _parameter("format", "The kind of file; CSV unless another is named.", *FORMATS),
    _parameter(
        "columns",
        "`all` leaves sensitive fields out, `everything` does not, `shown` has those of the list.",
        "all",
        "everything",
        "shown",
    ),
    OpenApiParameter("ids", OpenApiTypes.UUID, many=True, description="Only these records."),
    OpenApiParameter(
        "export", OpenApiTypes.UUID, description="Fetch the file of an earlier answer 202."
    ),
)


class Exporting:
    """The endpoint `export/` of every record type."""

    record_type: RecordType
    actor: Any

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """The parameter `format` names a kind of file here, not a way to write JSON."""
        if getattr(self, "action", "") == "export":
            renderer = self.get_renderers()[0]
            return renderer, renderer.media_type
        return super().perform_content_negotiation(request, force)  # type: ignore[misc]

    @extend_schema(
        parameters=list(PARAMETERS),
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            202: OpenApiTypes.OBJECT,
        },
        description=(
            "The records a list with the same filters has, as a file that can be imported again. "
            "Many records are written behind the answer 202, which names the export to fetch, once, "
            "within 72 hours."
        ),
    )
    @action(detail=False, methods=["get"], pagination_class=None, filter_backends=[])
    def export(self, request: Request) -> Any:
        authorize(self.actor, self.record_type.permission("export"))
        if named := request.query_params.get("export"):
            return self._fetch(named)
        return self._answer(write_now_or_later(self._asked(request)))

    def _asked(self, request: Request) -> Export:
        query = request.query_params.copy()
        for name in OWN:
            query.pop(name, None)
        choice: Any = request.query_params.get("columns", "all")
        if choice not in ("all", "everything", "shown"):
            raise ValidationError({"columns": "all, everything, shown"})
        return ask_for_export(
            self.record_type,
            format_name=request.query_params.get("format", "csv"),
            columns=columns_of(self.record_type, choice),
            query=query.urlencode(),
            actor=self.actor,
            at=now(),
        )

    def _fetch(self, named: str) -> Any:
        try:
            pk = UUID(named)
        except ValueError:
            raise NotFound from None
        export = get_object_or_404(Export.objects.visible_to(self.actor), pk=pk)
        if export.record_type != self.record_type.name:
            raise NotFound
        return self._answer(export)

    def _answer(self, export: Export) -> Any:
        """Answer the file, or which one to ask for again."""
        if export.state == Export.State.WAITING:
            return Response({"export": str(export.pk)}, status=status.HTTP_202_ACCEPTED)
        chosen = FORMATS[export.format]
        content = fetch_export(export, actor=self.actor, at=now())
        name = f"{self.record_type.menu.slug}.{chosen.suffix}"
        return FileResponse(
            content, as_attachment=True, filename=name, content_type=chosen.content_type
        )
