"""The trash: what lies there, taking it out, ending it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.access import authorize
from core.http import Request
from core.records.narrowing import types_viewed_by
from core.records.registry import RecordType, record_types
from core.records.writing import Batch
from core.toasts import toast
from crm.history.forms import ids_in
from crm.history.pages.trash import TrashPage
from crm.history.running import reason_of


@login_required
@require_GET
def trash_start(request: Request) -> HttpResponse:
    """Lead to the trash of the first record type."""
    types = types_viewed_by(request.actor)
    if not types:
        return render(request, "history/forbidden.html", status=403)
    return redirect("trash", types[0].menu.slug)


@login_required
@require_GET
def trash_page(request: Request, slug: str) -> HttpResponse:
    record_type = type_with(slug)
    authorize(request.actor, record_type.permission("view"))
    page = TrashPage(record_type, request.actor, now(), request.GET.get("page", ""))
    return render(request, "history/trash.html", {"type": record_type, "trash": page})


def type_with(slug: str) -> RecordType:
    """Return the record type with this address; 404 when there is none."""
    for known in record_types():
        if known.menu.slug == slug:
            return known
    raise Http404


@login_required
@require_POST
def trash_restore(request: Request, slug: str) -> HttpResponse:
    """Take the chosen records out of the trash; a single one is shown."""
    record_type = type_with(slug)
    # The address of an Undo button names the record itself.
    ids = ids_in(request.POST) or ids_in(request.GET)
    batch = record_type.operations.many.restore(ids, actor=request.actor)
    _say(request, record_type, batch, _("%(things)s restored."))
    if len(ids) == len(batch.records) == 1:
        return redirect(record_type.url_name(), ids[0])
    return redirect("trash", slug)


@login_required
@require_POST
def trash_destroy(request: Request, slug: str) -> HttpResponse:
    """Destroy the chosen records for good."""
    record_type = type_with(slug)
    authorize(request.actor, record_type.permission("destroy"))
    batch = record_type.operations.many.destroy(ids_in(request.POST), actor=request.actor)
    _say(request, record_type, batch, _("%(things)s destroyed for good."))
    return redirect("trash", slug)


def _say(request: Request, record_type: RecordType, batch: Batch, sentence: str) -> None:
    if batch.records:
        toast(request, sentence % {"things": record_type.menu.counted(len(batch.records))})
    for reason in dict.fromkeys(reason_of(each) for each in batch.refusals.values()):
        toast(request, reason, level=messages.ERROR)
