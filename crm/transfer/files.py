"""Where an import's file lies: sealed, under its workspace's own folder, until the import is over."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage

from compliance.encryption.files import seal_stream, unseal_stream
from core.isolation.scope import current_workspace

UID = "crm.import.file"
IN_MEMORY = 2**20


def path_of(pk: UUID) -> str:
    return f"{current_workspace().schema}/imports/{pk}"


def store(pk: UUID, chunks: Iterable[bytes]) -> int:
    """Keep the file sealed; return its size. What waits on disk meanwhile is sealed already."""
    size = 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for chunk in chunks:
            size += len(chunk)
            yield chunk

    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as waiting:
        for piece in seal_stream(counted(), uid=UID, row=pk):
            waiting.write(piece)
        waiting.seek(0)
        default_storage.save(path_of(pk), File(cast(BinaryIO, waiting), name=str(pk)))
    return size


def opened(pk: UUID) -> Iterator[bytes]:
    """Yield the file's content in chunks."""
    with default_storage.open(path_of(pk)) as sealed:
        yield from unseal_stream(cast(BinaryIO, sealed), uid=UID, row=pk)


def remove(pk: UUID) -> None:
    """Delete the file; one that is gone already is no error."""
    default_storage.delete(path_of(pk))
