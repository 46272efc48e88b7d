"""Files on a record's page: added, looked at, taken, renamed, deleted, brought back."""

from itertools import islice
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from compliance.encryption.files import CHUNK
from core.errors import OperationError
from core.http import Request
from core.records.attached import record_seen_by
from core.records.registry import RecordType
from core.toasts import toast, toast_refusal
from crm.files.delivery import Delivery, deliver
from crm.files.kinds import preview_of
from crm.files.models import Attachment
from crm.files.operations import (
    FileTooLarge,
    add_file,
    add_version,
    delete_file,
    rename_file,
    restore_file,
)
from crm.records.pages.opened_from import place_of
from crm.records.views.records import visible

MOST_FILES = 20
# A picture or document is shown by the browser, and may do nothing else.
SHOWN_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


@login_required
@require_POST
def file_add(request: Request, record_type: RecordType, pk: UUID) -> HttpResponse:
    record = visible(request, record_type, pk)
    try:
        if not add_files(request, record):
            raise ValidationError(_("Choose a file first."))
    except (ValidationError, OperationError) as refusal:
        toast_refusal(request, refusal)
    return redirect(place_of(record, request, tab="files"))


def add_files(request: Request, record: Any) -> int:
    """Add the files that were sent for the record; return how many. All or none are kept."""
    # What is larger than memory allows never becomes a file here.
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        raise FileTooLarge
    files = request.FILES.getlist("files")[:MOST_FILES]
    with transaction.atomic():
        for file in files:
            add_file(record, name=file.name or "", chunks=file.chunks(), actor=request.actor)
    return len(files)


@login_required
@require_GET
def file_download(request: Request, pk: UUID, number: int = 0) -> StreamingHttpResponse:
    """Answer the file's newest content, or that of one version, to be saved."""
    attachment, _record = _seen(request, pk)
    delivery = _delivered(attachment, number)
    return StreamingHttpResponse(delivery.content, headers=delivery.headers)


@login_required
@require_GET
def file_preview(request: Request, pk: UUID) -> HttpResponse | StreamingHttpResponse:
    """Answer the file to be looked at: pictures and documents themselves, a text inside a page."""
    attachment, record = _seen(request, pk)
    delivery = _delivered(attachment, to_be_saved=False)
    kind = preview_of(delivery.version.media_type, attachment.name)
    if kind == "text":
        context = {
            "file": attachment,
            "record": record,
            "text": b"".join(islice(delivery.content, 1)).decode(errors="replace"),
            "is_cut": delivery.version.size > CHUNK,
        }
        return render(request, "records/file_text.html", context)
    if not kind:
        raise Http404
    policy = f"sandbox; {SHOWN_POLICY}" if kind == "image" else SHOWN_POLICY
    headers = {**delivery.headers, "Content-Security-Policy": policy}
    return StreamingHttpResponse(delivery.content, headers=headers)


@login_required
@require_POST
def file_version(request: Request, pk: UUID) -> HttpResponse:
    attachment, record = _seen(request, pk)
    file = request.FILES.get("file")
    try:
        if file is None:
            raise ValidationError(_("Choose a file first."))
        add_version(attachment, chunks=file.chunks(), actor=request.actor)
    except (ValidationError, OperationError) as refusal:
        toast_refusal(request, refusal)
    return redirect(place_of(record, request, tab="files"))


@login_required
@require_POST
def file_rename(request: Request, pk: UUID) -> HttpResponse:
    attachment, record = _seen(request, pk)
    try:
        rename_file(attachment, name=request.POST.get("name", ""), actor=request.actor)
    except ValidationError as refusal:
        toast_refusal(request, refusal)
    return redirect(place_of(record, request, tab="files"))


@login_required
@require_POST
def file_delete(request: Request, pk: UUID) -> HttpResponse:
    attachment, record = _deleted_too(request, pk)
    delete_file(attachment, actor=request.actor, at=now())
    said = _("%(name)s was deleted.") % {"name": attachment.name}
    toast(request, said, undo_url=reverse("file-restore", args=[pk]))
    return redirect(place_of(record, request, tab="files"))


@login_required
@require_POST
def file_restore(request: Request, pk: UUID) -> HttpResponse:
    attachment, record = _deleted_too(request, pk)
    restore_file(attachment, actor=request.actor)
    toast(request, _("%(name)s is back.") % {"name": attachment.name})
    return redirect(place_of(record, request, tab="files"))


def _seen(request: Request, pk: UUID) -> tuple[Attachment, Any]:
    """Return the file and its record, or answer that there is no such file."""
    attachment, record = _deleted_too(request, pk)
    if attachment.deleted_at is not None:
        raise Http404
    return attachment, record


def _deleted_too(request: Request, pk: UUID) -> tuple[Attachment, Any]:
    """Return the same of a file that may be deleted already: it can be brought back."""
    attachment = get_object_or_404(Attachment.objects.all(), pk=pk)
    record = record_seen_by(request.actor, attachment.record_type, attachment.record_id)
    if record is None:
        raise Http404
    return attachment, record


def _delivered(attachment: Attachment, number: int = 0, *, to_be_saved: bool = True) -> Delivery:
    delivery = deliver(attachment, number, to_be_saved=to_be_saved)
    if delivery is None:
        raise Http404
    return delivery
