"""Taking records out: which ones, as what, with which columns; then the file, once."""

from typing import BinaryIO
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from core.access import authorize
from core.forms import Form
from core.http import Request
from core.records.registry import RecordType, record_type_named
from crm.transfer.export.columns import columns_of
from crm.transfer.export.writers import FORMATS
from crm.transfer.exporting import (
    AT_ONCE,
    ExportGone,
    RightsNarrowed,
    ask_for_export,
    chosen_rows,
    fetch_export,
    is_covered,
)
from crm.transfer.jobs import write_now_or_later
from crm.transfer.models import Export


class ExportForm(Form):
    """What kind of file, and how much of each record goes into it."""

    format = forms.ChoiceField(label=_("Format"), widget=forms.RadioSelect)
    columns = forms.ChoiceField(
        label=_("Columns"),
        widget=forms.RadioSelect,
        choices=(
            ("all", _("All fields, without sensitive ones")),
            ("shown", _("Those the list shows")),
            ("everything", _("All fields, sensitive ones too")),
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, record_type: RecordType) -> None:
        super().__init__(data, initial={"format": "csv", "columns": "all"})
        importer = record_type.importer
        choice = self.fields["format"]
        choice.choices = [  # type: ignore[attr-defined]
            (each.name, each.label)
            for each in FORMATS.values()
            if not each.needs or importer.field(each.needs)
        ]
        if not any(field.is_sensitive for field in importer.exported()):
            columns = self.fields["columns"]
            columns.choices = [  # type: ignore[attr-defined]
                ("all", _("All fields")), ("shown", _("Those the list shows")),
            ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def export_records(request: Request, record_type: RecordType) -> HttpResponseBase:
    """Ask how to export what the list's address stands for; a POST writes it."""
    authorize(request.actor, record_type.permission("export"))
    query = request.GET.urlencode()
    form = ExportForm(request.POST if request.method == "POST" else None, record_type=record_type)
    try:
        count = chosen_rows(record_type, query, request.actor).count()
    except ValidationError as error:
        raise Http404 from error
    if request.method == "POST" and form.is_valid():
        return _export(request, record_type, form, query)
    context = {
        "type": record_type,
        "form": form,
        "counted": record_type.menu.counted(count),
        "is_empty": not count,
        "is_long": count > AT_ONCE,
        "breadcrumb": [
            {"label": record_type.menu.plural, "url": f"/{record_type.menu.slug}/"},
            {"label": _("Export")},
        ],
    }
    return render(request, "transfer/export.html", context, status=422 if form.errors else 200)


def _export(
    request: Request, record_type: RecordType, form: ExportForm, query: str
) -> HttpResponseBase:
    # Beside each column the list's address says how wide it is.
    words = request.GET.get("columns", "").split(",")
    shown = [word.partition(":")[0] for word in words if word]
    columns = columns_of(record_type, form.cleaned_data["columns"], shown)
    export = ask_for_export(
        record_type,
        format_name=form.cleaned_data["format"],
        columns=columns,
        query=query,
        actor=request.actor,
        at=now(),
    )
    if write_now_or_later(export).state == Export.State.WAITING:
        return redirect("export", export.pk)
    return _answer(export, fetch_export(export, actor=request.actor, at=now()))


def _answer(export: Export, content: BinaryIO) -> FileResponse:
    chosen = FORMATS[export.format]
    record_type = record_type_named(export.record_type)
    slug = record_type.menu.slug if record_type else export.record_type
    name = f"{slug}-{export.created_at:%Y-%m-%d}.{chosen.suffix}"
    return FileResponse(
        content, as_attachment=True, filename=name, content_type=chosen.content_type
    )


@require_GET
def export_page(request: Request, pk: UUID) -> HttpResponse:
    """Show whether the file is ready, and the link that fetches it once."""
    export = _visible(request, pk)
    context = {
        "export": export,
        "is_open": export.is_open(now()),
        "is_covered": is_covered(export, request.actor),
        "breadcrumb": [{"label": _("Export")}],
    }
    if request.htmx and export.state == Export.State.WAITING:
        return render(request, "transfer/export_file.html#state", context)
    return render(request, "transfer/export_file.html", context)


@require_http_methods(["POST"])
def export_fetch(request: Request, pk: UUID) -> HttpResponseBase:
    """Answer the file, this once."""
    export = _visible(request, pk)
    try:
        content = fetch_export(export, actor=request.actor, at=now())
    except (ExportGone, RightsNarrowed):
        return redirect("export", pk)
    return _answer(export, content)


def _visible(request: Request, pk: UUID) -> Export:
    found: Export = get_object_or_404(Export.objects.visible_to(request.actor), pk=pk)
    return found
