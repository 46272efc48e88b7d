"""Checking and running an import: what would come of it, how far it is, what came of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import OperationError
from core.http import Request
from core.toasts import toast, toast_refusal
from crm.transfer.correcting import correct_row, keep_values, reopen_row, skip_row
from crm.transfer.download import refused_file
from crm.transfer.jobs import check_now_or_later, run_later, wake_later
from crm.transfer.models import Import
from crm.transfer.notes import refused_row, updated_record
from crm.transfer.operations import discard
from crm.transfer.pages import updates_page
from crm.transfer.views.shared import State, context_of, opened
from crm.transfer.wording import finished_text, progress_text

OUTCOMES = ("created", "updated", "unchanged", "refused")


@require_http_methods(["GET", "POST"])
def import_check(request: Request, pk: UUID) -> HttpResponse:
    """Show what the import would do, one outcome at a time; a POST checks again."""
    the_import = opened(request, pk)
    if request.method == "POST":
        check_now_or_later(the_import, actor=request.actor)
        return redirect("transfer:check", pk)
    if the_import.state not in (State.CHECKING, State.CHECKED):
        return redirect(the_import)
    context = _check_context(request, the_import)
    return _progressing(request, the_import, context, "transfer/check.html")


def _check_context(request: Request, the_import: Import) -> dict[str, Any]:
    context, shown = context_of(request, the_import, step=4), request.GET.get("show", "")
    context["shown"] = shown if shown in OUTCOMES else context["view"].first_outcome()
    if context["shown"] == "updated":
        context["updates"] = updates_page(the_import, request.GET.get("page", ""))
    return context


@require_POST
def import_row(request: Request, pk: UUID, number: int) -> HttpResponse:
    """Take the corrected cells of a refused row and check it again."""
    the_import = opened(request, pk)
    found = refused_row(the_import, number)
    if found is None:
        return redirect("transfer:check", pk)
    cells = found.cells + [""] * (len(found.columns) - len(found.cells))
    cells = [request.POST.get(f"cell-{at}", text) for at, text in enumerate(cells)]
    try:
        is_fine = correct_row(the_import, number=number, cells=cells, actor=request.actor)
    except OperationError as refusal:
        toast_refusal(request, refusal)
        return redirect("transfer:check", pk)
    if is_fine:
        toast(request, _("Row %(row)s is fine now.") % {"row": number})
    return redirect(f"{reverse('transfer:check', args=[pk])}?show=refused")


@require_POST
def import_skip(request: Request, pk: UUID, number: int) -> HttpResponse:
    """Leave a refused row out on purpose."""
    return _decided(request, pk, number, skip_row)


@require_POST
def import_reopen(request: Request, pk: UUID, number: int) -> HttpResponse:
    """Take back what was done about a row."""
    return _decided(request, pk, number, reopen_row)


def _decided(request: Request, pk: UUID, number: int, decide: Callable[..., None]) -> HttpResponse:
    the_import = opened(request, pk)
    try:
        decide(the_import, number=number, actor=request.actor)
    except OperationError as refusal:
        toast_refusal(request, refusal)
    return redirect(f"{reverse('transfer:check', args=[pk])}?show=refused")


@require_POST
def import_values(request: Request, pk: UUID, number: int) -> HttpResponse:
    """Apply the ticked values of a row; its record keeps what it has in place of the others."""
    the_import = opened(request, pk)
    found = updated_record(the_import, number)
    applied = set(request.POST.getlist("apply"))
    offered = {change.name for change in found.changes if change.name} if found else set()
    try:
        keep_values(the_import, number=number, names=offered - applied, actor=request.actor)
    except OperationError as refusal:
        toast_refusal(request, refusal)
    else:
        if request.htmx:
            context = _check_context(request, opened(request, pk))
            return render(request, "transfer/check.html#found", context)
    return redirect(f"{reverse('transfer:check', args=[pk])}?{request.GET.urlencode()}")


@require_http_methods(["GET", "POST"])
def import_run(request: Request, pk: UUID) -> HttpResponse:
    """Show how far the import is, then what came of it; a POST begins it."""
    the_import = opened(request, pk)
    if request.method == "POST":
        run_later(the_import, actor=request.actor)
        return redirect("transfer:run", pk)
    if the_import.state in (State.UPLOADED, State.CHECKING, State.CHECKED):
        return redirect(the_import)
    is_over = the_import.state in (State.FINISHED, State.FAILED)
    context = context_of(request, the_import, step=6 if is_over else 5)
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


@require_GET
def import_status(request: Request, pk: UUID) -> HttpResponse:
    """Answer the toast that says how far the import is, on whichever page its person is."""
    the_import = opened(request, pk)
    is_over = not the_import.is_under_way
    context = {
        "import": the_import,
        "text": finished_text(the_import) if is_over else progress_text(the_import, now()),
        "tone": "danger" if the_import.state == State.FAILED else "success",
    }
    return render(request, "transfer/toast.html", context)


@require_POST
def import_wake(request: Request, pk: UUID) -> HttpResponse:
    """Take up an import whose worker is gone."""
    return redirect(wake_later(opened(request, pk), actor=request.actor))


@require_POST
def import_discard(request: Request, pk: UUID) -> HttpResponse:
    """Take away an import that has written nothing."""
    discard(opened(request, pk), actor=request.actor)
    toast(request, _("The import was discarded. Nothing was written."))
    return redirect("transfer:start")


@require_GET
def import_refused(request: Request, pk: UUID) -> HttpResponse:
    """Answer the refused rows as a file that can be corrected and imported again."""
    the_import = opened(request, pk)
    response = HttpResponse(refused_file(the_import), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="refused-rows.csv"'
    return response
