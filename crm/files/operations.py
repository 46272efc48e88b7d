"""Everything that can be done to a file on a record: add, add a version, rename, delete, bring back."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from core.records.attached import attach, held, held_in_use
from core.records.registry import record_type_of
from crm.files.kinds import media_type_of
from crm.files.models import LONGEST_NAME, RETENTION, Attachment, FileVersion
from crm.files.permissions import ADD_FILE, DELETE_FILE
from crm.files.store import CONTENTS

LARGEST = 25 * 2**20
MOST_VERSIONS = 100
START = 16


class FileTooLarge(OperationError):
    code = "file_too_large"
    message = _("A file may have up to 25 MB.")
    status = 413


class EmptyFile(OperationError):
    code = "empty_file"
    message = _("The file is empty.")
    status = 422


class TooManyVersions(OperationError):
    code = "too_many_versions"
    message = _("A file may have up to 100 versions.")


@transaction.atomic
def add_file(record: Model, *, name: str, chunks: Iterable[bytes], actor: Actor) -> Attachment:
    """Return the new file on the record, its content sealed under the record's key."""
    authorize(actor, record_type_of(type(record)).permission("view"), record)
    authorize(actor, ADD_FILE)
    attachment = attach(Attachment(name=_plain_name(name)), record)
    attachment.save(force_insert=True)
    version = _keep(attachment, 1, chunks, actor)
    emit("file.added", record, actor=actor, file=str(attachment.pk), version=version.number)
    return attachment


@transaction.atomic
def add_version(attachment: Attachment, *, chunks: Iterable[bytes], actor: Actor) -> Attachment:
    """Return the file with a newer content; the older ones can still be had."""
    attachment, record = held_in_use(attachment, actor=actor)
    authorize(actor, ADD_FILE)
    newest = attachment.versions.aggregate(newest=Max("number"))["newest"] or 0
    if newest >= MOST_VERSIONS:
        raise TooManyVersions
    version = _keep(attachment, newest + 1, chunks, actor)
    attachment.save(update_fields=["updated_at"])
    emit("file.changed", record, actor=actor, file=str(attachment.pk), version=version.number)
    return attachment


@transaction.atomic
def rename_file(attachment: Attachment, *, name: str, actor: Actor) -> Attachment:
    """Return the file under another name."""
    attachment, record = held_in_use(attachment, actor=actor)
    authorize(actor, ADD_FILE)
    attachment.name = _plain_name(name)
    attachment.save(update_fields=["name", "updated_at"])
    emit("file.renamed", record, actor=actor, file=str(attachment.pk))
    return attachment


@transaction.atomic
def delete_file(attachment: Attachment, *, actor: Actor, at: datetime) -> Attachment:
    """Return the file, which nobody sees from now on; it can be brought back for thirty days."""
    attachment, record = held(attachment, actor=actor)
    authorize(actor, DELETE_FILE, attachment)
    if attachment.deleted_at is None:
        attachment.deleted_at = at
        attachment.save(update_fields=["deleted_at"])
        emit("file.deleted", record, actor=actor, file=str(attachment.pk))
    return attachment


@transaction.atomic
def restore_file(attachment: Attachment, *, actor: Actor) -> Attachment:
    """Return the file, there again."""
    attachment, record = held(attachment, actor=actor)
    authorize(actor, DELETE_FILE, attachment)
    if attachment.deleted_at is not None:
        attachment.deleted_at = None
        attachment.save(update_fields=["deleted_at"])
        emit("file.restored", record, actor=actor, file=str(attachment.pk))
    return attachment


@transaction.atomic
def destroy_old_files(*, at: datetime) -> int:
    """Destroy the files that were deleted long enough ago; return how many."""
    return destroy_files(Attachment.objects.filter(deleted_at__lt=at - RETENTION))


def reseal_files(ids: Sequence[UUID], subject: UUID) -> None:
    """Seal what these files hold under the key of the record they hang on now."""
    for version in FileVersion.objects.filter(attachment__in=ids).values_list("pk", flat=True):
        CONTENTS.reseal(version, subject=subject)


def destroy_files(attachments: Iterable[Attachment]) -> int:
    """Destroy these files with every content they had; return how many."""
    ids = [attachment.pk for attachment in attachments]
    versions = list(FileVersion.objects.filter(attachment__in=ids).values_list("pk", flat=True))
    Attachment.objects.filter(pk__in=ids).delete()
    for version in versions:
        transaction.on_commit(partial(CONTENTS.remove, version))
    return len(ids)


def _keep(
    attachment: Attachment, number: int, chunks: Iterable[bytes], actor: Actor
) -> FileVersion:
    version = FileVersion(attachment=attachment, number=number)
    version.author_id, version.author_label = actor.user_id, actor.label
    start, chunks = _peeked(chunks)
    version.media_type = media_type_of(attachment.name, start)
    try:
        version.size = CONTENTS.store(
            version.pk, _limited(chunks), subject=attachment.sealed_subject
        )
        if not version.size:
            raise EmptyFile
        version.save(force_insert=True)
    except Exception:
        CONTENTS.remove(version.pk)
        raise
    return version


def _peeked(chunks: Iterable[bytes]) -> tuple[bytes, Iterable[bytes]]:
    remaining = iter(chunks)
    first = next(remaining, b"")
    return first[:START], chain([first], remaining)


def _limited(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST:
            raise FileTooLarge
        yield chunk


def _plain_name(name: str) -> str:
    """Return the name without a path or anything that would disguise what it ends in."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip()
    if not visible.strip("."):
        raise ValidationError({"name": _("A file needs a name.")})
    stem, dot, ending = visible.rpartition(".")
    if len(visible) > LONGEST_NAME and dot:
        return f"{stem[: LONGEST_NAME - len(ending) - 1]}.{ending}"[-LONGEST_NAME:]
    return visible[:LONGEST_NAME]
