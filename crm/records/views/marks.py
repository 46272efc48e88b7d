"""A member's star on a record, and their wish to hear of it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from core.http import Request
from core.records.registry import RecordType
from crm.bookmarks.operations import arrange_favourites, set_bookmark
from crm.history.forms import ids_in
from crm.records.pages.record import RecordPage
from crm.records.views.records import visible


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
    """Put the favourites into the order the sidebar shows them in now."""
    arrange_favourites(ids_in(request.POST), actor=request.actor)
    return HttpResponse(status=204)
