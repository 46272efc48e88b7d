"""The page that says who sees a record and why, where it is shared too."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.access import can
from core.http import Request
from core.records.attached import record_seen_by
from core.records.registry import RecordType
from core.toasts import toast
from crm.sharing.explaining import access_to
from crm.sharing.forms import ShareForm
from crm.sharing.operations import end_share, share_record
from tenants.members.models import RecordShare


@login_required
@require_http_methods(["GET", "POST"])
def record_access(request: Request, record_type: RecordType, pk: UUID) -> HttpResponse:
    """Show who sees the record and why; post shares it with one more."""
    record = record_seen_by(request.actor, record_type.name, pk)
    if record is None:
        raise Http404
    may_share = can(request.actor, record_type.permission("share"), record)
    may_change = can(request.actor, record_type.permission("change"), record)
    form = ShareForm(request.POST or None, may_change=may_change)
    if request.method == "POST" and form.is_valid():
        share_record(record, level=form.cleaned_data["level"], actor=request.actor, **form.whom())
        toast(request, _("The record was shared."))
        return redirect(_address(record_type, record))
    context = {
        "type": record_type,
        "record": record,
        "access": access_to(record),
        "shares": _shares_of(record, record_type),
        "form": form if may_share else None,
        "breadcrumb": _crumbs(record_type, record),
    }
    status = 422 if form.is_bound else 200
    return render(request, "sharing/access.html", context, status=status)


@login_required
@require_POST
def share_end(request: Request, record_type: RecordType, pk: UUID, share: UUID) -> HttpResponse:
    """End what was shared and show who still sees the record."""
    found = get_object_or_404(RecordShare, pk=share, record_id=pk, record_type=record_type.name)
    end_share(found, actor=request.actor)
    toast(request, _("The record is not shared with them any more."))
    record = record_seen_by(request.actor, record_type.name, pk)
    # What was ended may have been one's own way to it.
    return redirect(_address(record_type, record) if record else record_type.url_name("list"))


def _shares_of(record: Any, record_type: RecordType) -> list[RecordShare]:
    rows = RecordShare.objects.filter(record_type=record_type.name, record_id=record.pk)
    return list(rows.select_related("user", "team", "shared_by").order_by("created_at", "pk"))


def _address(record_type: RecordType, record: Any) -> str:
    return reverse(record_type.url_name("access"), args=[record.pk])


def _crumbs(record_type: RecordType, record: Any) -> list[dict[str, Any]]:
    return [
        {"label": record_type.menu.plural, "url": reverse(record_type.url_name("list"))},
        {"label": str(record), "url": record.get_absolute_url()},
        {"label": _("Access")},
    ]
