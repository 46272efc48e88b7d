"""Notes on a record's page: written, changed, pinned, deleted, brought back."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.access import authorize
from core.errors import OperationError
from core.http import Request
from core.records.attached import record_seen_by
from core.records.registry import RecordType
from core.toasts import toast, toast_refusal
from crm.notes.models import Note
from crm.notes.operations import add_note, change_note, delete_note, pin_note, restore_note
from crm.notes.permissions import CHANGE_NOTE
from crm.notes.richtext import from_plain
from crm.records.pages.opened_from import place_of
from crm.records.views.files import add_files
from crm.records.views.records import visible
from tenants.members.models import User


@login_required
@require_POST
def note_add(request: Request, record_type: RecordType, pk: UUID) -> HttpResponse:
    """Write a note, with the files that were chosen for it."""
    record = visible(request, record_type, pk)
    try:
        html = _written(request)
        if html:
            is_pinned = "pinned" in request.POST
            add_note(record, html=html, actor=request.actor, is_pinned=is_pinned)
        files = add_files(request, record)
        if not html and not files:
            raise ValidationError(_("Write something first."))
    except (ValidationError, OperationError) as refusal:
        toast_refusal(request, refusal)
    return redirect(_back(request, record))


@login_required
@require_http_methods(["GET", "POST"])
def note_edit(request: Request, pk: UUID) -> HttpResponse:
    """Show the note in an editor, then as it reads now."""
    note, record = _seen(request, pk)
    authorize(request.actor, CHANGE_NOTE, note)
    context: dict[str, Any] = {"note": note, "record": record, "error": ""}
    if request.method == "POST":
        try:
            context["note"] = change_note(
                note, html=_written(request), actor=request.actor, at=now()
            )
        except ValidationError as refusal:
            context["error"] = " ".join(refusal.messages)
            context["written"] = _written(request)
            return render(request, "records/note_edit.html", context, status=422)
        if not request.htmx:
            return redirect(_back(request, record))
        return render(request, "records/note.html", context)
    template = "records/note_edit.html" if request.htmx else "records/note_edit_page.html"
    return render(request, template, context)


@login_required
@require_POST
def note_pin(request: Request, pk: UUID) -> HttpResponse:
    note, record = _seen(request, pk)
    pin_note(note, is_pinned=request.POST.get("pinned") == "1", actor=request.actor)
    return redirect(_back(request, record))


@login_required
@require_POST
def note_delete(request: Request, pk: UUID) -> HttpResponse:
    note, record = _deleted_too(request, pk)
    delete_note(note, actor=request.actor, at=now())
    toast(request, _("The note was deleted."), undo_url=reverse("note-restore", args=[pk]))
    return redirect(_back(request, record))


@login_required
@require_POST
def note_restore(request: Request, pk: UUID) -> HttpResponse:
    note, record = _deleted_too(request, pk)
    restore_note(note, actor=request.actor)
    toast(request, _("The note is back."))
    return redirect(_back(request, record))


@login_required
@require_GET
def mentionable(request: Request) -> HttpResponse:
    """Answer whom a note can mention."""
    members = User.objects.filter(is_active=True, is_service=False).order_by(
        "given_name", "family_name", "pk"
    )
    return JsonResponse(
        {"members": [{"id": str(member.pk), "name": member.name} for member in members]}
    )


def _seen(request: Request, pk: UUID) -> tuple[Note, Any]:
    """Return the note and its record, or answer that there is no such note."""
    note, record = _deleted_too(request, pk)
    if note.deleted_at is not None:
        raise Http404
    return note, record


def _deleted_too(request: Request, pk: UUID) -> tuple[Note, Any]:
    """Return the same of a note that may be deleted already: it can be brought back."""
    note = get_object_or_404(Note.objects.all(), pk=pk)
    record = record_seen_by(request.actor, note.record_type, note.record_id)
    if record is None:
        raise Http404
    return note, record


def _written(request: Request) -> str:
    """Return what was written: by the editor, or as plain text where there is none."""
    return request.POST.get("html", "").strip() or from_plain(request.POST.get("text", ""))


def _back(request: Request, record: Any) -> str:
    """Return the tab the note was on."""
    tab = "notes" if request.POST.get("tab") == "notes" else ""
    return place_of(record, request, tab=tab)
