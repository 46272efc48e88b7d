"""Names suggested while somebody types one into a field."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.access import authorize
from core.http import Request
from core.records.finding import find_records
from core.records.registry import RecordType

SUGGESTED = 8


@login_required
@require_GET
def record_options(request: Request, record_type: RecordType) -> HttpResponse:
    """Answer the names that match what was typed, as options of a text field.

    The text comes under the field's own name, whatever that is.
    """
    authorize(request.actor, record_type.permission("view"))
    text = str(next(iter(request.GET.values()), ""))[:100]
    found = find_records(record_type, text, actor=request.actor, shown=SUGGESTED)
    names = [hit.title for hit in found.hits]
    return render(request, "records/options.html", {"names": names})
