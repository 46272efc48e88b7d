"""A member's star on a record, and their wish to hear of it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.arranging import moved
from core.http import Request
from core.platform_pages.views import safe_next
from core.records.registry import RecordType
from crm.bookmarks.operations import set_bookmark
from crm.history.forms import ids_in
from crm.records.pages.record import RecordPage
from crm.records.views.records import visible
from crm.views.operations import arrange_all


@login_required
@require_POST
def record_mark(request: Request, record_type: RecordType, pk: UUID, kind: str) -> HttpResponse:
    """Star or follow the record, or end it; to htmx answer the button alone."""
    record = visible(request, record_type, pk)
    set_bookmark(record, kind=kind, is_set=request.POST.get("set") == "1", actor=request.actor)
    if not request.htmx:
        return redirect(record)
    context = {"type": record_type, "page": RecordPage(record, record_type, request.actor)}
    return render(request, f"records/{kind}.html", context)


@login_required
@require_POST
def favourites_order(request: Request) -> HttpResponse:
    """Put the favourites into the order the sidebar shows, or that a button in it makes of it."""
    arrange_all(moved(ids_in(request.POST), request.POST), actor=request.actor)
    is_button = "up" in request.POST or "down" in request.POST
    return redirect(safe_next(request)) if is_button else HttpResponse(status=204)
