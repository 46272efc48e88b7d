"""The history: what was done to many records, how far it is, and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import authorize
from core.errors import OperationError
from core.http import Request
from core.toasts import toast_refusal
from crm.history.jobs import continue_change_set, do_now_or_later
from crm.history.models.change_sets import ChangeSet
from crm.history.operations.undoing import begin_undo, wake
from crm.history.pages.change_sets import ChangeSetView, conflicts_of
from crm.history.pages.history import SIZE, HistoryFilter, changes_of
from crm.history.permissions import UNDO
from crm.history.views.bulk import say_what_happened


@login_required
@require_GET
def history(request: Request) -> HttpResponse:
    """Answer who did what to many records, and when."""
    chosen = HistoryFilter(request.GET, request.actor)
    page = Paginator(chosen.sets, SIZE).get_page(request.GET.get("page", ""))
    at = now()
    context = {
        "filter": chosen,
        "page": page,
        "sets": [ChangeSetView(each, request.actor, at) for each in page.object_list],
    }
    return render(request, "history/list.html", context)


@login_required
@require_GET
def change_set(request: Request, pk: UUID) -> HttpResponse:
    """Answer one change set with its records; to htmx how far it is."""
    view = _visible(request, pk)
    context: dict[str, Any] = {"view": view, "breadcrumb": _crumbs(view)}
    if request.htmx and view.set.is_under_way:
        return render(request, "history/change_set.html#progress", context)
    context["changes"] = changes_of(view.set, request.actor, request.GET.get("page", ""))
    response = render(request, "history/change_set.html", context)
    if request.htmx:
        # What was asked for has ended: the whole page has something new to say.
        response.headers["HX-Refresh"] = "true"
    return response


@login_required
@require_GET
def change_set_toast(request: Request, pk: UUID) -> HttpResponse:
    """Answer the toast of a change set: how far it is, or what came of it."""
    return render(request, "history/toast.html", {"view": _visible(request, pk)})


@login_required
@require_http_methods(["GET", "POST"])
def change_set_undo(request: Request, pk: UUID) -> HttpResponse:
    """Take the change set back; first show what somebody else changed since, if anything was."""
    view = _visible(request, pk)
    authorize(request.actor, UNDO, view.set)
    conflicts = conflicts_of(view.set, request.actor) if view.may_undo else []
    if request.method == "POST" and (not conflicts or "rest" in request.POST):
        try:
            undone = do_now_or_later(begin_undo(view.set, actor=request.actor, at=view.at))
        except OperationError as refusal:
            toast_refusal(request, refusal)
            return redirect(view.set)
        say_what_happened(request, undone)
        return redirect(undone)
    context = {"view": view, "conflicts": conflicts, "breadcrumb": _crumbs(view)}
    status = 409 if request.method == "POST" else 200
    return render(request, "history/undo.html", context, status=status)


@login_required
@require_POST
def change_set_wake(request: Request, pk: UUID) -> HttpResponse:
    """Have a change set go on that nobody works on any more."""
    view = _visible(request, pk)
    try:
        wake(view.set, actor=request.actor, at=view.at)
    except OperationError as refusal:
        toast_refusal(request, refusal)
    else:
        continue_change_set.enqueue(change_set_id=pk)
    return redirect(view.set)


def _visible(request: Request, pk: UUID) -> ChangeSetView:
    rows = ChangeSet.objects.visible_to(request.actor).select_related("undoes")
    return ChangeSetView(get_object_or_404(rows, pk=pk), request.actor, now())


def _crumbs(view: ChangeSetView) -> list[dict[str, Any]]:
    return [{"label": _("History"), "url": "/history/"}, {"label": view.title, "url": ""}]
