"""The warning while a record is being written that it may be there already."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from core.access import authorize
from core.http import Request
from core.records.registry import RecordType
from crm.history.operations.duplicates import likely_duplicates


@login_required
@require_POST
def record_likely(request: Request, record_type: RecordType) -> HttpResponse:
    """Answer the records that may be the one in the form; posted, so that no name is in an address."""
    authorize(request.actor, record_type.permission("view"))
    form: Any = record_type.form(request.POST, actor=request.actor)
    likely = likely_duplicates(record_type, _said(form), actor=request.actor)
    reasons = record_type.duplicates.reasons
    found = [(each.record, reasons.get(each.reason, each.reason)) for each in likely]
    return render(request, "records/likely.html", {"type": record_type, "found": found})


def _said(form: Any) -> dict[str, Any]:
    """Return what of a half-written form can be read already."""
    form.is_valid()
    said = {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}
    for name, formset in form.formsets.items():
        if f"{name}-TOTAL_FORMS" in form.data:
            rows = [row.cleaned_data for row in formset.forms if row.is_valid()]
            said[name] = [row for row in rows if any(row.values())]
    return said
