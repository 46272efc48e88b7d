"""Files on a record's page: added, looked at, taken, renamed, deleted, brought back."""

from collections.abc import Iterator
from itertools import chain
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import OperationError
from core.http import Request
from core.records.attached import record_seen_by
from core.records.registry import RecordType
from core.toasts import toast, toast_refusal
from crm.files.kinds import IMAGES, preview_of
from crm.files.models import Attachment, FileVersion
from crm.files.operations import (
    FileTooLarge,
    add_file,
    add_version,
    delete_file,
    rename_file,
    restore_file,
)
from crm.files.store import CONTENTS
from crm.records.views.records import visible

MOST_FILES = 20
# As much of a text as is shown of it.
TEXT_BYTES = 64 * 1024
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
    return redirect(f"{record.get_absolute_url()}?tab=files")


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
    return _answer(attachment, _version(attachment, number), as_attachment=True)


@login_required
@require_GET
def file_preview(request: Request, pk: UUID) -> HttpResponse | StreamingHttpResponse:
    """Answer the file to be looked at: pictures and documents themselves, a text inside a page."""
    attachment, record = _seen(request, pk)
    version = _version(attachment, 0)
    kind = preview_of(version.media_type, attachment.name)
    if kind == "text":
        start = b"".join(_first(CONTENTS.opened(version.pk)))[:TEXT_BYTES]
        context = {
            "file": attachment,
            "record": record,
            "text": start.decode(errors="replace"),
            "is_cut": version.size > TEXT_BYTES,
        }
        return render(request, "records/file_text.html", context)
    if not kind:
        raise Http404
    response = _answer(attachment, version, as_attachment=False)
    if version.media_type in IMAGES:
        response.headers["Content-Security-Policy"] = f"sandbox; {SHOWN_POLICY}"
    else:
        response.headers["Content-Security-Policy"] = SHOWN_POLICY
    return response


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
    return redirect(f"{record.get_absolute_url()}?tab=files")


@login_required
@require_POST
def file_rename(request: Request, pk: UUID) -> HttpResponse:
    attachment, record = _seen(request, pk)
    try:
        rename_file(attachment, name=request.POST.get("name", ""), actor=request.actor)
    except ValidationError as refusal:
        toast_refusal(request, refusal)
    return redirect(f"{record.get_absolute_url()}?tab=files")


@login_required
@require_POST
def file_delete(request: Request, pk: UUID) -> HttpResponse:
    attachment, record = _seen(request, pk)
    delete_file(attachment, actor=request.actor, at=now())
    said = _("%(name)s was deleted.") % {"name": attachment.name}
    toast(request, said, undo_url=reverse("file-restore", args=[pk]))
    return redirect(f"{record.get_absolute_url()}?tab=files")


@login_required
@require_POST
def file_restore(request: Request, pk: UUID) -> HttpResponse:
    attachment, record = _seen(request, pk)
    restore_file(attachment, actor=request.actor)
    toast(request, _("%(name)s is back.") % {"name": attachment.name})
    return redirect(f"{record.get_absolute_url()}?tab=files")


def _seen(request: Request, pk: UUID) -> tuple[Attachment, Any]:
    """Return the file and its record; one in the trash can only be brought back."""
    attachment = get_object_or_404(Attachment.objects.all(), pk=pk)
    record = record_seen_by(request.actor, attachment.record_type, attachment.record_id)
    is_there = attachment.deleted_at is None or request.method == "POST"
    if record is None or not is_there:
        raise Http404
    return attachment, record


def _version(attachment: Attachment, number: int) -> FileVersion:
    versions = attachment.versions.order_by("-number")
    found = versions.filter(number=number).first() if number else versions.first()
    if found is None:
        raise Http404
    return found


def _answer(
    attachment: Attachment, version: FileVersion, *, as_attachment: bool
) -> StreamingHttpResponse:
    # The first piece is unsealed here, while the keys are at hand; the rest needs only the file.
    response = StreamingHttpResponse(
        _first(CONTENTS.opened(version.pk)), content_type=version.media_type
    )
    response.headers["Content-Disposition"] = str(
        content_disposition_header(as_attachment, attachment.name)
    )
    response.headers["Content-Length"] = str(version.size)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _first(pieces: Iterator[bytes]) -> Iterator[bytes]:
    return chain([next(pieces, b"")], pieces)
