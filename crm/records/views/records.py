"""One record's pages: the record, new, edit, delete."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from core.access import authorize
from core.http import Request
from core.records.reading import visible_one
from core.records.registry import RecordType
from core.toasts import toast
from crm.bookmarks.operations import note_visit
from crm.history.conflicts import EditConflict
from crm.history.merging import survivor_of
from crm.history.pages.conflicts import posted_version, told
from crm.history.pages.trash import restore_url
from crm.records.pages.neighbours import neighbours_of
from crm.records.pages.opened_from import place_of
from crm.records.pages.record import RecordPage
from crm.records.views.lists import crumb
from crm.records.views.naming import CREATES, makes_what_it_names


@login_required
@require_GET
def record_detail(request: Request, record_type: RecordType, pk: UUID) -> HttpResponse:
    """Answer the record's page; to htmx an earlier part of its timeline alone."""
    try:
        record = visible(request, record_type, pk)
    except Http404:
        return redirect(merged_into(request, record_type, pk))
    page = RecordPage(record, record_type, request.actor, request.GET.dict())
    context: dict[str, Any] = {"type": record_type, "page": page}
    if request.htmx and "before" in request.GET:
        return render(request, "records/timeline.html", context)
    note_visit(record, actor=request.actor, at=now())
    context["breadcrumb"] = [crumb(record_type), {"label": page.title, "url": ""}]
    context |= {"page_actions": page.actions, "page_actions_label": page.title}
    return render(request, "records/detail.html", context)


@login_required
@require_GET
def record_neighbours(request: Request, record_type: RecordType, pk: UUID) -> HttpResponse:
    """Answer the ways to the records beside this one in the list it was opened from."""
    authorize(request.actor, record_type.permission("view"))
    said, tab = request.GET.get("list", ""), request.GET.get("tab", "")
    context = {"neighbours": neighbours_of(pk, record_type, said, actor=request.actor, tab=tab)}
    return render(request, "records/neighbours.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@makes_what_it_names
def record_new(request: Request, record_type: RecordType) -> HttpResponse:
    authorize(request.actor, record_type.permission("add"))
    form: Any = _form(request, record_type, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            record = record_type.operations.create(actor=request.actor, **form.changes)
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            return _after_adding(request, record_type, record)
    return _form_page(request, record_type, form, None)


@login_required
@require_http_methods(["GET", "POST"])
@makes_what_it_names
def record_edit(request: Request, record_type: RecordType, pk: UUID) -> HttpResponse:
    record = visible(request, record_type, pk)
    authorize(request.actor, record_type.permission("change"), record)
    form: Any = _form(request, record_type, record=record)
    version = posted_version(request) or record.version
    if request.method == "POST" and form.is_valid():
        try:
            update = record_type.operations.update
            update(record, actor=request.actor, changes=form.changes, version=version)
        except ValidationError as refusal:
            form.refuse(refusal)
        except EditConflict as conflict:
            # Whoever saves again has seen the other values and decides for their own.
            record.version = conflict.version
            for name, sentence in told(conflict, record_type).items():
                form.add_error(name if name in form.fields else None, sentence)
            return _form_page(request, record_type, form, record, status=conflict.status)
        else:
            toast(request, _("Changes saved."))
            return redirect(place_of(record, request))
    record.version = version
    return _form_page(request, record_type, form, record)


@login_required
@require_http_methods(["GET", "POST"])
def record_delete(request: Request, record_type: RecordType, pk: UUID) -> HttpResponse:
    """Ask first, naming the record and what goes with it; then delete."""
    record = visible(request, record_type, pk)
    authorize(request.actor, record_type.permission("delete"), record)
    name = str(record)
    if request.method == "POST":
        record_type.operations.delete(record, actor=request.actor)
        undo_url = restore_url(record_type, pk)
        toast(request, _("%(name)s was moved to the trash.") % {"name": name}, undo_url=undo_url)
        return redirect(record_type.url_name("list"))
    context = {
        "type": record_type,
        "record": record,
        "consequences": record_type.operations.consequences(record, request.actor),
        "breadcrumb": [crumb(record_type), {"label": name, "url": record.get_absolute_url()}],
    }
    return render(request, "records/delete.html", context)


def visible(request: Request, record_type: RecordType, pk: UUID) -> Any:
    """Return the record as its page wants it, or answer that there is none."""
    authorize(request.actor, record_type.permission("view"))
    found = visible_one(record_type.model, record_type.page.prepare, pk, request.actor)
    if found is None:
        raise Http404
    return found


def merged_into(request: Request, record_type: RecordType, pk: UUID) -> Any:
    """Return what a record that is not there any more became part of, or answer that there is none."""
    authorize(request.actor, record_type.permission("view"))
    survivor = survivor_of(record_type, pk, request.actor)
    if survivor is None:
        raise Http404
    return survivor


def _after_adding(request: Request, record_type: RecordType, record: Any) -> HttpResponse:
    """Go to the record, or to an empty form; quick create stays where it is for another one."""
    is_quick, wants_another = _is_quick(request), "another" in request.POST
    said = _("%(name)s was added.") % {"name": record}
    if is_quick and wants_another:
        context = {"type": record_type, "form": record_type.form(actor=request.actor)}
        response = render(request, "records/quick.html", context)
        return trigger_client_event(response, "toast", {"message": said})
    toast(request, said)
    if is_quick:
        return HttpResponseClientRedirect(record.get_absolute_url())
    return redirect(record_type.url_name("new")) if wants_another else redirect(record)


def _is_quick(request: Request) -> bool:
    return bool(request.htmx) and request.htmx.target == "quick-create"


def _form(request: Request, record_type: RecordType, **kwargs: Any) -> Any:
    data = request.POST if request.method == "POST" else None
    return record_type.form(data, actor=request.actor, **kwargs)


def _form_page(
    request: Request, record_type: RecordType, form: Any, record: Any, *, status: int = 422
) -> HttpResponse:
    crumbs = [crumb(record_type)]
    if record is not None:
        crumbs.append({"label": str(record), "url": record.get_absolute_url()})
    crumbs.append({"label": _("Edit") if record else record_type.menu.new, "url": ""})
    context = {"type": record_type, "form": form, "record": record, "breadcrumb": crumbs}
    context["back_url"] = place_of(record, request) if record is not None else ""
    context["creates"] = request.POST.getlist(CREATES)
    status = status if form.is_bound else 200
    if _is_quick(request):
        return render(request, "records/quick.html", context, status=status)
    return render(request, "records/form.html", context, status=status)
