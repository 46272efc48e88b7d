"""One field of one record: its form in place, and the value again once it is saved."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from core.access import can
from core.http import Request
from core.records.cells import shown
from core.records.registry import Column, FieldView, RecordType
from crm.history.conflicts import EditConflict
from crm.history.pages.conflicts import posted_version, told
from crm.records.pages.record import RecordPage, shown_field
from crm.records.views.lists import crumb
from crm.records.views.records import visible

CONFLICT = EditConflict.status


@login_required
@require_GET
def record_preview(request: Request, record_type: RecordType, pk: UUID) -> HttpResponse:
    """Answer the record's fields for the panel beside a list; without script, its page."""
    record = visible(request, record_type, pk)
    if not request.htmx:
        return redirect(record)
    context = {"type": record_type, "page": RecordPage(record, record_type, request.actor)}
    return render(request, "records/preview.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def record_field(request: Request, record_type: RecordType, pk: UUID, name: str) -> HttpResponse:
    """Answer the form of one field, or with `?read=` its value; or save it and answer the new value.

    Somebody who may not change it is told why, where the form would stand.
    """
    record = visible(request, record_type, pk)
    context = {"type": record_type, "record": record, "name": name}
    if not can(request.actor, record_type.permission("change"), record):
        context["reason"] = _("Your role does not include changing this record.")
        return _answer(request, context, status=403)
    form = _form_of(request, record_type, record, name)
    if request.method == "GET" and "read" in request.GET:
        return _value(request, record_type, pk, name)
    version = posted_version(request) or record.version
    if request.method == "POST" and form.is_valid() and _is_saved(form, record, version):
        return _value(request, record_type, pk, name)
    # Whoever saves again after a conflict has seen the other value and decides for their own.
    context |= {"form": form, "version": record.version if form.status == CONFLICT else version}
    return _answer(request, context, status=form.status if form.is_bound else 200)


def _form_of(request: Request, record_type: RecordType, record: Any, name: str) -> Any:
    """Return the record's form with this field alone."""
    data = request.POST if request.method == "POST" else None
    form: Any = record_type.form(data, actor=request.actor, record=record)
    if name not in form.fields and name not in form.lists:
        raise Http404
    form.fields = {key: field for key, field in form.fields.items() if key == name}
    form.lists = {key: row for key, row in form.lists.items() if key == name}
    form.record_type, form.status = record_type, 422
    return form


def _is_saved(form: Any, record: Any, version: int) -> bool:
    """Save what the form says; where it is refused, say why at the field."""
    record_type: RecordType = form.record_type
    try:
        update = record_type.operations.update
        update(record, actor=form.actor, changes=form.changes, version=version)
    except ValidationError as refusal:
        form.refuse(refusal)
    except EditConflict as conflict:
        form.status, record.version = conflict.status, conflict.version
        for sentence in told(conflict, record_type).values():
            form.add_error(None, sentence)
    else:
        return True
    return False


def _value(request: Request, record_type: RecordType, pk: UUID, name: str) -> HttpResponse:
    if not request.htmx:
        return redirect(visible(request, record_type, pk))
    if request.GET.get("on") == "page":
        return _value_on_page(request, record_type, pk, name)
    rows = record_type.model._default_manager.visible_to(request.actor)  # type: ignore[attr-defined]
    view = _view_of(record_type, name)
    reads = view.reads if isinstance(view, Column) else ()
    # Whoever gives a record away may not see it any more.
    record = record_type.listing.prepare(rows, *reads).filter(pk=pk).first()
    value = shown(view, record) if view and record else ""
    return render(request, "records/field_value.html", {"value": value, "record": record})


def _value_on_page(request: Request, record_type: RecordType, pk: UUID, name: str) -> HttpResponse:
    views = (view for group in record_type.page.groups for view in group.fields)
    view = next((view for view in views if view.edits == name), None)
    rows = record_type.model._default_manager.visible_to(request.actor)  # type: ignore[attr-defined]
    record = record_type.page.prepare(rows).filter(pk=pk).first()
    if view is None or record is None:
        return HttpResponseClientRedirect(reverse(record_type.list_url_name))
    field = shown_field(view, record)
    may_change = can(request.actor, record_type.permission("change"), record)
    context = {**field._asdict(), "may_change": may_change}
    return render(request, "records/page_value.html", context)


def _view_of(record_type: RecordType, name: str) -> Column | FieldView | None:
    return next((each for each in record_type.listing.columns if each.edits == name), None)


def _answer(request: Request, context: dict[str, Any], *, status: int) -> HttpResponse:
    """Answer the part; without script a page around it."""
    template = "records/field_edit.html"
    record, record_type = context["record"], context["type"]
    context["breadcrumb"] = [
        crumb(record_type),
        {"label": str(record), "url": record.get_absolute_url()},
    ]
    return render(
        request, f"{template}#field" if request.htmx else template, context, status=status
    )
