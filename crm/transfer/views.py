"""The pages of the import wizard: upload, match, check, run, result."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import authorize
from core.http import Request
from core.toasts import toast
from crm.transfer import files
from crm.transfer.download import refused_file
from crm.transfer.engine.running import carry_on, plan_of
from crm.transfer.forms import MappingForm, UploadForm
from crm.transfer.jobs import continue_import
from crm.transfer.mapping import BadMapping, Mapping, guess
from crm.transfer.models import Import
from crm.transfer.operations import begin_check, begin_run, discard, map_columns, upload, wake
from crm.transfer.pages import STEPS, ImportView, crumbs, earlier, importable, progress_text
from crm.transfer.permissions import IMPORT_RECORDS
from crm.transfer.reading import BadFile, look_at

State = Import.State
# Up to this size a check is done before the page could ask how far it is.
CHECKED_AT_ONCE = 128 * 1024
OUTCOMES = ("created", "updated", "unchanged", "refused")


@require_http_methods(["GET", "POST"])
def start(request: Request) -> HttpResponse:
    """Ask for a file and what its rows are; below, the imports there were."""
    authorize(request.actor, IMPORT_RECORDS)
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
            return redirect("transfer:map", the_import.pk)
    context = {
        "form": form,
        "earlier": earlier(request.actor),
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
def import_page(request: Request, pk: UUID) -> HttpResponse:
    """Lead to the step the import is at."""
    the_import = _visible(request, pk)
    steps = {State.UPLOADED: "map", State.CHECKING: "check", State.CHECKED: "check"}
    return redirect(f"transfer:{steps.get(State(the_import.state), 'run')}", pk)


@require_http_methods(["GET", "POST"])
def import_map(request: Request, pk: UUID) -> HttpResponse:
    """Show each column with samples and its field; then check the file."""
    the_import = _visible(request, pk)
    if the_import.state not in (State.UPLOADED, State.CHECKED, State.FAILED):
        return redirect(the_import)
    form = _mapping_form(request, the_import)
    if request.method == "POST" and form.is_valid():
        try:
            _check(request, the_import, form)
        except BadMapping as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("transfer:check", pk)
    context = _context(the_import, step=2, form=form)
    return render(request, "transfer/map.html", context, status=422 if form.errors else 200)


def _mapping_form(request: Request, the_import: Import) -> MappingForm:
    importer = plan_of(the_import).importer
    mapping = _with_confidence(Mapping.from_json(the_import.mapping), importer)
    initial = {"match": the_import.match, "creates_linked": the_import.creates_linked}
    data = request.POST if request.method == "POST" else None
    table = look_at(files.opened(the_import.pk))
    return MappingForm(data, table=table, mapping=mapping, importer=importer, initial=initial)


def _with_confidence(mapping: Mapping, importer: Any) -> Mapping:
    """Say of each column whether its field is what the header suggests."""
    guessed = guess([column.name for column in mapping.columns], importer).columns
    pairs = zip(mapping.columns, guessed, strict=True)
    return Mapping(
        tuple(like if (own.field, own.multiply) == (like.field, 1) else own for own, like in pairs)
    )


def _check(request: Request, the_import: Import, form: MappingForm) -> None:
    """Keep the mapping and check: a small file now, a large one behind the page."""
    map_columns(
        the_import,
        mapping=form.chosen,
        match=form.cleaned_data["match"],
        creates_linked=form.cleaned_data.get("creates_linked", False),
        actor=request.actor,
    )
    _begin_check(request, the_import)


def _begin_check(request: Request, the_import: Import) -> None:
    begin_check(the_import, actor=request.actor)
    if the_import.size <= CHECKED_AT_ONCE:
        carry_on(the_import.pk, clock=now)
    else:
        continue_import.enqueue(import_id=the_import.pk)


@require_http_methods(["GET", "POST"])
def import_check(request: Request, pk: UUID) -> HttpResponse:
    """Show what the import would do, one outcome at a time; a POST checks again."""
    the_import = _visible(request, pk)
    if request.method == "POST":
        _begin_check(request, the_import)
        return redirect("transfer:check", pk)
    if the_import.state not in (State.CHECKING, State.CHECKED):
        return redirect(the_import)
    context = _context(the_import, step=3)
    shown = request.GET.get("show", "")
    context["shown"] = shown if shown in OUTCOMES else context["view"].first_outcome()
    return _progressing(request, the_import, context, "transfer/check.html")


@require_http_methods(["GET", "POST"])
def import_run(request: Request, pk: UUID) -> HttpResponse:
    """Show how far the import is, then what came of it; a POST begins it."""
    the_import = _visible(request, pk)
    if request.method == "POST":
        begin_run(the_import, actor=request.actor)
        continue_import.enqueue(import_id=pk)
        return redirect("transfer:run", pk)
    if the_import.state in (State.UPLOADED, State.CHECKING, State.CHECKED):
        return redirect(the_import)
    is_over = the_import.state in (State.FINISHED, State.FAILED)
    context = _context(the_import, step=5 if is_over else 4)
    return _progressing(request, the_import, context, "transfer/run.html")


def _progressing(
    request: Request, the_import: Import, context: dict[str, Any], template: str
) -> HttpResponse:
    """Answer a whole page, or to htmx the bar alone; at the end htmx is sent to the page anew."""
    context["progress_text"] = progress_text(the_import, now())
    context["is_silent"] = the_import.is_silent(now())
    if not request.htmx:
        return render(request, template, context)
    if the_import.is_under_way:
        return render(request, "transfer/progress.html", context)
    return HttpResponse(headers={"HX-Redirect": request.path})


@require_POST
def import_wake(request: Request, pk: UUID) -> HttpResponse:
    """Take up an import whose worker is gone."""
    the_import = wake(_visible(request, pk), actor=request.actor, at=now())
    continue_import.enqueue(import_id=pk)
    return redirect(the_import)


@require_POST
def import_discard(request: Request, pk: UUID) -> HttpResponse:
    """Take away an import that has written nothing."""
    discard(_visible(request, pk), actor=request.actor)
    toast(request, _("The import was discarded. Nothing was written."))
    return redirect("transfer:start")


@require_GET
def import_refused(request: Request, pk: UUID) -> HttpResponse:
    """Answer the refused rows as a file that can be corrected and imported again."""
    the_import = _visible(request, pk)
    response = HttpResponse(refused_file(the_import), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
    return response


def _visible(request: Request, pk: UUID) -> Import:
    authorize(request.actor, IMPORT_RECORDS)
    rows = Import.objects.visible_to(request.actor).select_related("owner__role")
    return get_object_or_404(rows, pk=pk)


def _context(the_import: Import, *, step: int, **more: Any) -> dict[str, Any]:
    view = ImportView(the_import)
    return {
        "import": the_import,
        "view": view,
        "steps": STEPS,
        "step": step,
        "breadcrumb": crumbs(the_import.file_name),
        **more,
    }
