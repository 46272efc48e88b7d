"""Bringing a file: what its rows are, how it is read, and the imports there were."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from core.http import Request
from crm.transfer.forms import LayoutForm, UploadForm
from crm.transfer.matching import look
from crm.transfer.models import SavedMapping
from crm.transfer.operations import choose_layout, upload
from crm.transfer.pages import STEPS, crumbs, earlier, importable
from crm.transfer.permissions import authorize_import
from crm.transfer.reading.table import BadFile, Table
from crm.transfer.views.shared import OPEN, State, context_of, opened

EARLIER_SHOWN = 5
HISTORY_SHOWN = 200
PREVIEW_ROWS = 8
PREVIEW_COLUMNS = 12


@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponse:
    """Ask for a file and what its rows are; below, the latest imports."""
    authorize_import(request.actor)
    form = _upload_form(request)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            the_import = upload(
                file.chunks(),
                record_type=form.cleaned_data["type"],
                file_name=file.name,
                actor=request.actor,
            )
        except BadFile as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("transfer:file", the_import.pk)
    context = {
        "form": form,
        "earlier": earlier(request.actor, EARLIER_SHOWN),
        "has_mappings": SavedMapping.objects.exists(),
        "steps": STEPS,
        "breadcrumb": crumbs(),
    }
    return render(request, "transfer/start.html", context, status=422 if form.errors else 200)


def _upload_form(request: Request) -> UploadForm:
    types = importable(request.actor)
    if request.method == "POST":
        sent = int(request.META.get("CONTENT_LENGTH") or 0)
        return UploadForm(request.POST, request.FILES, types=types, sent=sent)
    chosen = request.GET.get("type", types[0].name if types else "")
    return UploadForm(types=types, initial={"type": chosen})


@require_GET
def imports(request: Request) -> HttpResponse:
    """Show every import there was: who, which file, what became of it, and whether it can be undone."""
    authorize_import(request.actor)
    context = {"earlier": earlier(request.actor, HISTORY_SHOWN)}
    return render(request, "transfer/imports.html", context)


@require_GET
def import_page(request: Request, pk: UUID) -> HttpResponse:
    """Lead to the step the import is at."""
    the_import = opened(request, pk)
    steps = {State.UPLOADED: "file", State.CHECKING: "check", State.CHECKED: "check"}
    return redirect(f"transfer:{steps.get(State(the_import.state), 'run')}", pk)


@require_http_methods(["GET", "POST"])
def import_file(request: Request, pk: UUID) -> HttpResponse:
    """Show the first rows as they are read; encoding, delimiter and sheet can be changed."""
    the_import = opened(request, pk)
    if the_import.state not in OPEN:
        return redirect(the_import)
    table = look(the_import)
    form = LayoutForm(request.POST if request.method == "POST" else None, table=table)
    if request.method == "POST" and form.is_valid():
        try:
            choose_layout(the_import, choices=form.cleaned_data, actor=request.actor)
        except BadFile as refusal:
            form.tell(refusal)
        else:
            return redirect("transfer:file" if "look" in request.POST else "transfer:map", pk)
    context = context_of(request, the_import, step=1, form=form, **_preview(table))
    return render(request, "transfer/file.html", context, status=422 if form.errors else 200)


def _preview(table: Table) -> dict[str, object]:
    columns = table.columns[:PREVIEW_COLUMNS]
    rows = [(row.number, row.cells[:PREVIEW_COLUMNS]) for row in table.sample[:PREVIEW_ROWS]]
    return {
        "columns": columns,
        "rows": rows,
        "more_columns": max(0, len(table.columns) - PREVIEW_COLUMNS),
    }
