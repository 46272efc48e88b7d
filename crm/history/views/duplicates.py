"""The queue of duplicates: looking for them, merging or dismissing each."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.access import authorize
from core.errors import OperationError
from core.http import Request
from core.records.narrowing import types_viewed_by
from core.toasts import toast, toast_refusal
from crm.history.duplicate_jobs import find_duplicates
from crm.history.models.duplicates import Duplicate
from crm.history.operations.duplicates import begin_search, dismiss_duplicate
from crm.history.pages.duplicates import DuplicatesPage
from crm.history.views.trash import type_with


@login_required
@require_GET
def duplicates_start(request: Request) -> HttpResponse:
    """Lead to the queue of the first record type."""
    types = types_viewed_by(request.actor)
    if not types:
        return render(request, "history/forbidden.html", status=403)
    return redirect("duplicates", types[0].menu.slug)


@login_required
@require_GET
def duplicates_page(request: Request, slug: str) -> HttpResponse:
    record_type = type_with(slug)
    authorize(request.actor, record_type.permission("view"))
    page = DuplicatesPage(record_type, request.actor, request.GET.get("page", ""))
    context = {"type": record_type, "duplicates": page}
    template = "history/duplicates.html#queue" if request.htmx else "history/duplicates.html"
    return render(request, template, context)


@login_required
@require_POST
def duplicates_search(request: Request, slug: str) -> HttpResponse:
    """Have all records looked through behind the page."""
    record_type = type_with(slug)
    try:
        search = begin_search(record_type, actor=request.actor, at=now())
    except OperationError as refusal:
        toast_refusal(request, refusal)
    else:
        find_duplicates.enqueue(search_id=search.pk)
    return redirect("duplicates", slug)


@login_required
@require_POST
def duplicate_dismiss(request: Request, slug: str, pk: UUID) -> HttpResponse:
    """Say that these two are not one."""
    record_type = type_with(slug)
    seen = Duplicate.objects.seen_by(request.actor, record_type)
    dismiss_duplicate(get_object_or_404(seen, pk=pk), actor=request.actor, at=now())
    toast(request, _("The two stay apart, and are not asked about again."))
    return redirect("duplicates", slug)
