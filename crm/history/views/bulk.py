"""Doing one thing to the selected records of a list."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from core.access import authorize
from core.errors import OperationError
from core.http import Request
from core.records.registry import RecordType
from core.toasts import toast, toast_refusal
from crm.history.jobs import do_now_or_later
from crm.history.models.change_sets import ChangeSet
from crm.history.operations.bulk import begin_bulk
from crm.history.pages.bulk import BulkPage
from crm.history.pages.change_sets import sentence_of


@login_required
@require_http_methods(["GET", "POST"])
def record_bulk(request: Request, record_type: RecordType) -> HttpResponse:
    """Ask what is to be done to the chosen records; then do it, at once or behind the page."""
    page = BulkPage(request, record_type)
    if page.name == "merge":
        return _to_merging(request, page)
    if not page.is_known:
        raise Http404
    authorize(request.actor, record_type.permission(page.action.verb))
    if page.is_sent and page.form.is_valid():
        try:
            the_set = begin_bulk(
                record_type, chosen=page.chosen, order=page.form.order, actor=request.actor
            )
        except OperationError as refusal:
            toast_refusal(request, refusal)
        else:
            say_what_happened(request, do_now_or_later(the_set))
        return redirect(page.list_url)
    context = {"type": record_type, "bulk": page, "breadcrumb": [_crumb(record_type, page)]}
    template = "history/bulk.html#dialog" if request.htmx else "history/bulk.html"
    return render(request, template, context, status=422 if page.is_sent else 200)


def _crumb(record_type: RecordType, page: BulkPage) -> dict[str, object]:
    return {"label": record_type.menu.plural, "url": page.list_url}


def _to_merging(request: Request, page: BulkPage) -> HttpResponse:
    ids = ",".join(str(pk) for pk in page.chosen.ids)
    url = f"{reverse(page.record_type.url_name('merge'))}?ids={ids}"
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def say_what_happened(request: Request, the_set: ChangeSet) -> None:
    """Say on the next page what was done, with a way to take it back; or how far it is."""
    if the_set.is_under_way:
        toast(
            request,
            sentence_of(the_set),
            progress_url=reverse("change-set-toast", args=[the_set.pk]),
        )
        return
    done = the_set.updated + the_set.created + the_set.deleted + the_set.restored
    may_undo = done and the_set.kind != ChangeSet.Kind.UNDO
    undo_url = reverse("change-set-undo", args=[the_set.pk]) if may_undo else ""
    said = sentence_of(the_set)
    if the_set.refused:
        said = _("%(done)s %(count)s could not be changed; see the history.") % {
            "done": said,
            "count": the_set.refused,
        }
    toast(
        request,
        said,
        level=messages.WARNING if the_set.refused else messages.SUCCESS,
        undo_url=undo_url,
    )
