"""The list of a record type."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.access import can
from core.http import Request
from core.records.registry import RecordType
from crm.records.pages.listing import RecordList


@login_required
@require_GET
def record_list(request: Request, record_type: RecordType) -> HttpResponse:
    """Answer a page of the list; to htmx only the part that changes with its address."""
    context: dict[str, Any] = {"type": record_type, "breadcrumb": [crumb(record_type)]}
    if not can(request.actor, record_type.permission("view")):
        return render(request, "records/forbidden.html", context, status=403)
    context["list"] = RecordList(record_type, request.GET, request.actor)
    if not (request.htmx and request.htmx.target == "records"):
        return render(request, "records/list.html", context)
    response = render(request, "records/list.html#records", context)
    # A form sends its empty fields too; the address people share says only what is chosen.
    response.headers["HX-Push-Url"] = context["list"].address
    return response


def crumb(record_type: RecordType) -> dict[str, Any]:
    """Return the way back to the list."""
    return {"label": record_type.menu.plural, "url": reverse(record_type.url_name("list"))}
