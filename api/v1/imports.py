"""Bringing files in through the API, in the same steps as the pages."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.importing import (
    CellsSerializer,
    DecisionsSerializer,
    ImportDetailSerializer,
    ImportSerializer,
    KeepSerializer,
    NewImportSerializer,
    RefusedRowSerializer,
    UpdatedRowSerializer,
    all_said_of,
    corrected_cells,
    line_of,
    refusal_of,
)
from api.pagination import Pages
from api.parsing import BoundedJSONParser
from api.strict import StrictSerializer
from core.actors import Actor
from core.limits import allowance
from core.records.registry import RecordType, record_type_named
from crm.transfer.correcting import (
    NoSuchRow,
    correct_row,
    keep_values,
    reopen_row,
    skip_row,
)
from crm.transfer.download import refused_file
from crm.transfer.engine.running import plan_of
from crm.transfer.jobs import check_now_or_later, run_later, wake_later
from crm.transfer.mapping.columns import Mapping, read_mapping
from crm.transfer.models import Import
from crm.transfer.notes import TableRow, refused_row, refused_rows, updated_records
from crm.transfer.operations import (
    OPEN,
    choose_layout,
    choose_options,
    discard,
    map_columns,
    upload,
)
from crm.transfer.options import Options
from crm.transfer.permissions import authorize_import, authorize_own
from crm.transfer.reading.sizes import too_large
from crm.transfer.reading.table import BadFile
from crm.transfer.saving import save_mapping

ROW = [OpenApiParameter("row", int, OpenApiParameter.PATH, description="As a spreadsheet counts.")]


class ImportViewSet(viewsets.GenericViewSet):
    """Imports: a file, its columns and options, a check that writes nothing, the run, its refused rows."""

    key_group = "imports"
    queryset = Import.objects.none()
    serializer_class = ImportDetailSerializer
    parser_classes = (BoundedJSONParser, MultiPartParser)
    pagination_class = Pages
    filter_backends = ()
    lookup_value_converter = "uuid"

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def get_queryset(self) -> QuerySet[Any]:
        authorize_import(self.actor)
        return Import.objects.visible_to(self.actor).select_related("owner__role")

    @extend_schema(responses=ImportSerializer(many=True))
    def list(self, request: Request) -> Response:
        """List the imports, the latest first; of others' without what the file is called."""
        page = self.paginate_queryset(self.get_queryset().order_by("-created_at", "-pk"))
        return self.get_paginated_response([line_of(each, self.actor) for each in page or ()])

    def retrieve(self, request: Request, pk: Any) -> Response:
        return self._said()

    @extend_schema(
        request={"multipart/form-data": NewImportSerializer},
        responses={201: ImportDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """Bring a file; the answer says how it is read and which columns are matched."""
        authorize_import(self.actor)
        sent = int(request.META.get("CONTENT_LENGTH") or 0)
        if "file" not in request.FILES and sent > allowance("import_bytes"):
            # The server lets such a file pass by unread.
            raise BadFile(too_large())
        said = _read(NewImportSerializer, request)
        file, known = said["file"], _importable(said["record_type"])
        the_import = upload(file.chunks(), record_type=known, file_name=file.name, actor=self.actor)
        location = request.build_absolute_uri(f"{request.path}{the_import.pk}/")
        self.kwargs["pk"] = the_import.pk
        return self._said(status=status.HTTP_201_CREATED, headers={"Location": location})

    @extend_schema(request=DecisionsSerializer)
    @transaction.atomic
    def partial_update(self, request: Request, pk: Any) -> Response:
        """Decide how the file is read, which column goes where, and what else counts."""
        said = _read(DecisionsSerializer, request)
        the_import = self._found()
        if layout := said.get("layout"):
            the_import = choose_layout(the_import, choices=layout, actor=self.actor)
        if columns := said.get("columns"):
            the_import = self._map(the_import, columns)
        if options := said.get("options"):
            chosen = Options.from_json(the_import.options or {}).changed(**options)
            choose_options(the_import, options=chosen, actor=self.actor)
        if name := said.get("save_mapping_as"):
            save_mapping(the_import, name=name, actor=self.actor)
        return self._said()

    def destroy(self, request: Request, pk: Any) -> Response:
        """Take away an import that has written nothing."""
        discard(self._found(), actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={200: ImportDetailSerializer})
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: Any) -> Response:
        """Find out what the import would do; while a large file is being checked, ask again."""
        check_now_or_later(self._found(), actor=self.actor)
        return self._said()

    @extend_schema(request=None, responses={202: ImportDetailSerializer})
    @action(detail=True, methods=["post"])
    def run(self, request: Request, pk: Any) -> Response:
        """Write the rows behind the answer."""
        run_later(self._found(), actor=self.actor)
        return self._said(status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: ImportDetailSerializer})
    @action(detail=True, methods=["post"])
    def wake(self, request: Request, pk: Any) -> Response:
        """Take up an import whose worker is gone."""
        wake_later(self._found(), actor=self.actor)
        return self._said(status=status.HTTP_202_ACCEPTED)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def refused(self, request: Request, pk: Any) -> HttpResponse:
        """The refused rows as a file that can be corrected and imported again."""
        response = HttpResponse(refused_file(self._found()), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
        return response

    @extend_schema(responses=RefusedRowSerializer(many=True))
    @action(detail=True, methods=["get"])
    def errors(self, request: Request, pk: Any) -> Response:
        """List the refused rows, each with what is wrong and what may be meant."""
        the_import = self._found()
        plan = plan_of(the_import)
        page: Any = self.paginate_queryset(refused_rows(the_import))  # type: ignore[arg-type]
        return self.get_paginated_response([refusal_of(row, plan, self.actor) for row in page])

    @extend_schema(parameters=ROW, request=CellsSerializer, responses=ImportDetailSerializer)
    @action(detail=True, methods=["patch"], url_path="errors/<int:row>")
    def correct(self, request: Request, pk: Any, row: int) -> Response:
        """Correct cells of a refused row, which is checked again at once."""
        said = _read(CellsSerializer, request)
        the_import = self._found()
        cells = corrected_cells(_refused(the_import, row), said["cells"])
        correct_row(the_import, number=row, cells=cells, actor=self.actor)
        return self._said()

    @extend_schema(parameters=ROW, request=None, responses=ImportDetailSerializer)
    @action(detail=True, methods=["post"], url_path="errors/<int:row>/skip")
    def skip(self, request: Request, pk: Any, row: int) -> Response:
        """Leave a refused row out on purpose."""
        skip_row(self._found(), number=row, actor=self.actor)
        return self._said()

    @extend_schema(parameters=ROW, request=None, responses=ImportDetailSerializer)
    @action(detail=True, methods=["post"], url_path="errors/<int:row>/reopen")
    def reopen(self, request: Request, pk: Any, row: int) -> Response:
        """Take back what was done about a row."""
        reopen_row(self._found(), number=row, actor=self.actor)
        return self._said()

    @extend_schema(responses=UpdatedRowSerializer(many=True))
    @action(detail=True, methods=["get"])
    def updates(self, request: Request, pk: Any) -> Response:
        """List the records that a check found to change, with their values before and after."""
        page: Any = self.paginate_queryset(updated_records(self._found()))  # type: ignore[arg-type]
        return self.get_paginated_response(UpdatedRowSerializer(page, many=True).data)

    @extend_schema(parameters=ROW, request=KeepSerializer, responses=ImportDetailSerializer)
    @action(detail=True, methods=["patch"], url_path="updates/<int:row>")
    def keep(self, request: Request, pk: Any, row: int) -> Response:
        """Say which values of this row's record stay as they are; all others are applied."""
        said = _read(KeepSerializer, request)
        keep_values(self._found(), number=row, names=set(said["keep"]), actor=self.actor)
        return self._said()

    def _map(self, the_import: Import, columns: Sequence[Any]) -> Import:
        importer = plan_of(the_import).importer
        known = Mapping.from_json(the_import.mapping)
        mapping = read_mapping({"columns": columns}, known, importer)
        return map_columns(the_import, mapping=mapping, actor=self.actor)

    def _found(self) -> Import:
        found: Import | None = self.get_queryset().filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise NotFound(_("There is no such record."))
        authorize_own(self.actor, found)
        return found

    def _said(self, **more: Any) -> Response:
        the_import = self._found()
        has_file = the_import.state in OPEN
        plan = plan_of(the_import)
        return Response(all_said_of(the_import, plan, self.actor, has_file=has_file), **more)


def _importable(name: str) -> RecordType:
    known = record_type_named(name)
    if known is None:
        raise ValidationError({"record_type": _("There is no such type of record.")})
    return known


def _refused(the_import: Import, number: int) -> TableRow:
    found = refused_row(the_import, number)
    if found is None:
        raise NoSuchRow
    return found


def _read(kind: type[StrictSerializer], request: Request) -> dict[str, Any]:
    asked = kind(data=request.data)
    asked.is_valid(raise_exception=True)
    values: dict[str, Any] = dict(asked.validated_data)
    return values
