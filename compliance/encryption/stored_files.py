"""Sealed files in the store, each in its workspace's own folder, in the file system or in S3."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage

from compliance.encryption.files import (
    open_sealed,
    reseal_stream,
    seal_stream,
    unseal_stream,
)
from core.isolation.scope import current_workspace

IN_MEMORY = 2**20


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of stored file. `uid` is part of every seal: it never changes."""

    folder: str
    uid: str

    def path_of(self, pk: UUID) -> str:
        return f"{current_workspace().schema}/{self.folder}/{pk}"

    def store(self, pk: UUID, chunks: Iterable[bytes], *, subject: UUID | None = None) -> int:
        """Keep the file sealed; return its size. What waits on disk meanwhile is sealed already."""
        size = 0

        def counted() -> Iterator[bytes]:
            nonlocal size
            for chunk in chunks:
                size += len(chunk)
                yield chunk

        with _collected(seal_stream(counted(), uid=self.uid, row=pk, subject=subject)) as waiting:
            default_storage.save(self.path_of(pk), File(waiting, name=str(pk)))
        return size

    def opened(self, pk: UUID) -> Iterator[bytes]:
        """Yield the file's content in chunks."""
        with self.stored(pk) as sealed:
            yield from unseal_stream(sealed, uid=self.uid, row=pk)

    def stored(self, pk: UUID) -> BinaryIO:
        """Open the file as it is stored."""
        return cast(BinaryIO, default_storage.open(self.path_of(pk)))

    def readable(self, stored: BinaryIO, pk: UUID) -> BinaryIO:
        """Return the stored file's content, to be read from any place."""
        return cast(BinaryIO, open_sealed(stored, uid=self.uid, row=pk))

    def reseal(self, pk: UUID, *, subject: UUID) -> None:
        """Seal the file's own key for somebody else; its content stays as it is."""
        path = self.path_of(pk)
        with self.stored(pk) as sealed:
            pieces = reseal_stream(sealed, uid=self.uid, row=pk, subject=subject)
            with _collected(pieces) as waiting:
                default_storage.delete(path)
                default_storage.save(path, File(waiting, name=str(pk)))

    def remove(self, pk: UUID) -> None:
        """Delete the file; one that is gone already is no error."""
        default_storage.delete(self.path_of(pk))


@contextmanager
def _collected(pieces: Iterable[bytes]) -> Iterator[BinaryIO]:
    """Hold the sealed pieces as one file; a store may ask for its length before it takes it."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as waiting:
        for piece in pieces:
            waiting.write(piece)
        waiting.seek(0)
        yield cast(BinaryIO, waiting)
