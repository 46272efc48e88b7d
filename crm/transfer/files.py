"""Where files on their way in and out lie: sealed, in the workspace's own folder, for as long as they are needed."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage

from compliance.encryption.files import open_sealed, seal_stream
from core.isolation.scope import current_workspace

UID = "crm.import.file"
EXPORT_UID = "crm.export.file"
IN_MEMORY = 2**20


def import_path(pk: UUID) -> str:
    return f"{current_workspace().schema}/imports/{pk}"


def export_path(pk: UUID) -> str:
    return f"{current_workspace().schema}/exports/{pk}"


def store(pk: UUID, chunks: Iterable[bytes]) -> int:
    """Keep an import's file sealed; return its size. What waits on disk meanwhile is sealed already."""
    return _store(import_path(pk), pk, chunks, UID)


def store_export(pk: UUID, chunks: Iterable[bytes]) -> int:
    """Keep an export's file sealed; return its size."""
    return _store(export_path(pk), pk, chunks, EXPORT_UID)


def _store(path: str, pk: UUID, chunks: Iterable[bytes], uid: str) -> int:
    size = 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for chunk in chunks:
            size += len(chunk)
            yield chunk

    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as waiting:
        for piece in seal_stream(counted(), uid=uid, row=pk):
            waiting.write(piece)
        waiting.seek(0)
        default_storage.save(path, File(cast(BinaryIO, waiting), name=str(pk)))
    return size


@contextmanager
def opened(pk: UUID) -> Iterator[BinaryIO]:
    """Open an import's file, to be read from any place."""
    with default_storage.open(import_path(pk)) as stored:
        yield cast(BinaryIO, open_sealed(cast(BinaryIO, stored), uid=UID, row=pk))


def opened_export(pk: UUID) -> BinaryIO:
    """Open an export's file; whoever reads it closes it."""
    stored = cast(BinaryIO, default_storage.open(export_path(pk)))
    return cast(BinaryIO, open_sealed(stored, uid=EXPORT_UID, row=pk))


def remove(pk: UUID) -> None:
    """Delete an import's file; one that is gone already is no error."""
    default_storage.delete(import_path(pk))


def remove_export(pk: UUID) -> None:
    """Delete an export's file; one that is gone already is no error."""
    default_storage.delete(export_path(pk))
