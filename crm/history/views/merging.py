"""Merging records side by side."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.access import authorize
from core.errors import OperationError
from core.http import Request
from core.records.registry import RecordType
from core.toasts import toast, toast_refusal
from crm.history.choices import ALL, Choices
from crm.history.forms import ids_in
from crm.history.operations.merging import FEWEST, MOST, WrongNumber, merge_records
from crm.history.pages.merging import MergePage, MergeStart

CHOICE = "choose-"


@login_required
@require_http_methods(["GET", "POST"])
def record_merge(request: Request, record_type: RecordType) -> HttpResponse:
    """Show two to five records side by side; then make one of them."""
    authorize(request.actor, record_type.permission("change"))
    said = request.POST if request.method == "POST" else request.GET
    page = MergePage(record_type, ids_in(said), request.actor)
    if len(ids_in(said)) == len(page.records) == 1 and request.method == "GET":
        return _start(request, record_type, page)
    if not FEWEST <= len(page.records) <= MOST:
        toast_refusal(request, WrongNumber())
        return redirect(record_type.url_name("list"))
    if not page.is_allowed:
        raise PermissionDenied
    if request.method == "POST":
        return _merge(request, record_type, page)
    context = {"type": record_type, "merge": page, "breadcrumb": _crumbs(record_type)}
    return render(request, "history/merge.html", context)


def _start(request: Request, record_type: RecordType, page: MergePage) -> HttpResponse:
    """Ask which other record the one is to be merged with."""
    if not page.is_allowed:
        raise PermissionDenied
    [record] = page.records
    start = MergeStart(record_type, record, request.actor, request.GET.get("with", ""))
    context = {"type": record_type, "start": start, "breadcrumb": _crumbs(record_type)}
    template = "history/merge_start.html#found" if request.htmx else "history/merge_start.html"
    return render(request, template, context)


def _crumbs(record_type: RecordType) -> list[dict[str, Any]]:
    return [
        {"label": record_type.menu.plural, "url": reverse(record_type.url_name("list"))},
        {"label": _("Merge"), "url": ""},
    ]


def _merge(request: Request, record_type: RecordType, page: MergePage) -> HttpResponse:
    known = {str(each.pk): each.pk for each in page.records}
    survivor = known.get(request.POST.get("survivor", ""), page.records[0].pk)
    try:
        one, the_set = merge_records(
            record_type,
            survivor=survivor,
            others=[pk for pk in known.values() if pk != survivor],
            choices=_choices(request.POST, known),
            actor=request.actor,
        )
    except (OperationError, ValidationError) as refusal:
        toast_refusal(request, refusal)
        return redirect(f"{reverse(record_type.url_name('merge'))}?ids={page.ids}")
    said = _("%(things)s merged into one.") % {"things": record_type.menu.counted(len(known))}
    toast(request, said, undo_url=reverse("change-set-undo", args=[the_set.pk]))
    return redirect(one)


def _choices(said: QueryDict, known: dict[str, UUID]) -> Choices:
    """Return what was chosen for each field; what nobody offered is left out."""
    chosen: dict[str, UUID | str] = {}
    for key, value in said.items():
        if key.startswith(CHOICE) and (value == ALL or value in known):
            chosen[key.removeprefix(CHOICE)] = known.get(str(value), ALL)
    return chosen
