"""Blobs and files under lock: small ones in one piece, large ones as a stream of chunks."""

import io
import os
import struct
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from compliance.encryption.envelope import OVERHEAD, TAG_BYTES
from compliance.encryption.errors import Tampered
from compliance.encryption.values import seal_value, unseal_value

STREAM_VERSION = b"\xe2\x01"
FILE_KEY_BYTES = 32
CHUNK = 64 * 1024
# The chunk's number and whether it is the last: chunks can neither move, nor vanish, nor be added.
_NONCE = struct.Struct(">xxxQ?")
_HEADER_BYTES = len(STREAM_VERSION) + OVERHEAD + FILE_KEY_BYTES


def seal_bytes(content: bytes, *, uid: str, row: UUID, subject: UUID | None = None) -> bytes:
    """Return the content sealed for this row: under a person's key, or the workspace's own."""
    return seal_value(content, uid=uid, row=row, subject=subject)


def unseal_bytes(sealed: bytes, *, uid: str, row: UUID) -> bytes:
    """Return what `seal_bytes` sealed; a SealingError when it does not open."""
    return unseal_value(sealed, uid=uid, row=row)


def seal_stream(
    chunks: Iterable[bytes], *, uid: str, row: UUID, subject: UUID | None = None
) -> Iterator[bytes]:
    """Yield a file sealed under a key of its own, which is sealed for this row in its header."""
    key = os.urandom(FILE_KEY_BYTES)
    yield STREAM_VERSION + seal_value(key, uid=uid, row=row, subject=subject)
    cipher = AESGCM(key)
    pending, number = b"", 0
    for content in _regular(chunks):
        if pending:
            yield cipher.encrypt(_NONCE.pack(number, False), pending, None)  # noqa: FBT003
            number += 1
        pending = content
    yield cipher.encrypt(_NONCE.pack(number, True), pending, None)  # noqa: FBT003


def unseal_stream(source: BinaryIO, *, uid: str, row: UUID) -> Iterator[bytes]:
    """Yield a sealed file's content in chunks; Tampered as soon as one is not what was sealed.

    A file that was cut off fails at its end: use nothing of it before the last chunk has come.
    """
    cipher = AESGCM(_file_key(source, uid=uid, row=row))
    current, number = source.read(CHUNK + TAG_BYTES), 0
    is_last = False
    while not is_last:
        following = source.read(CHUNK + TAG_BYTES) if len(current) == CHUNK + TAG_BYTES else b""
        is_last = not following
        try:
            yield cipher.decrypt(_NONCE.pack(number, is_last), current, None)
        except InvalidTag:
            raise Tampered("A chunk was changed, moved, added or lost.") from None
        current, number = following, number + 1


def reseal_stream(
    source: BinaryIO, *, uid: str, row: UUID, subject: UUID | None
) -> Iterator[bytes]:
    """Yield the sealed file with its key sealed for another person; its chunks stay as they are."""
    key = _file_key(source, uid=uid, row=row)
    yield STREAM_VERSION + seal_value(key, uid=uid, row=row, subject=subject)
    while chunk := source.read(CHUNK):
        yield chunk


def _file_key(source: BinaryIO, *, uid: str, row: UUID) -> bytes:
    """Read the header and return the key in it."""
    header = source.read(_HEADER_BYTES)
    if not header.startswith(STREAM_VERSION) or len(header) < _HEADER_BYTES:
        raise Tampered("Not a sealed file of a known version.")
    return unseal_value(header[len(STREAM_VERSION) :], uid=uid, row=row)


class OpenedChunks(io.RawIOBase):
    """Chunks of one size as a file to be read from any place, as archives ask for; it opens one at a time."""

    def __init__(self, source: BinaryIO, cipher: AESGCM, *, start: int) -> None:
        self._source, self._cipher, self._start = source, cipher, start
        stored = source.seek(0, os.SEEK_END) - start
        self._chunks = max(1, -(-stored // (CHUNK + TAG_BYTES)))
        self.size = stored - self._chunks * TAG_BYTES
        self._at = 0
        self._opened: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        if start + offset < 0:
            raise OSError("Before the beginning of the file.")
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self.size:
            return 0
        number, inside = divmod(self._at, CHUNK)
        content = self._chunk(number)[inside : inside + len(buffer)]
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)

    def close(self) -> None:
        self._source.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._opened[0] != number:
            self._source.seek(self._start + number * (CHUNK + TAG_BYTES))
            sealed = self._source.read(CHUNK + TAG_BYTES)
            nonce = _NONCE.pack(number, number == self._chunks - 1)
            try:
                self._opened = number, self._cipher.decrypt(nonce, sealed, None)
            except InvalidTag:
                raise Tampered("A chunk was changed, moved, added or lost.") from None
        return self._opened[1]


def open_sealed(source: BinaryIO, *, uid: str, row: UUID) -> OpenedChunks:
    """Return a sealed file's content to be read from any place; Tampered where it is not what was sealed."""
    cipher = AESGCM(_file_key(source, uid=uid, row=row))
    return OpenedChunks(source, cipher, start=_HEADER_BYTES)


class ChunkSealer:
    """Seals content that is handed over piece by piece, under a key that is kept nowhere else."""

    def __init__(self) -> None:
        self.cipher = AESGCM(os.urandom(FILE_KEY_BYTES))
        self._pending = bytearray()
        self._number = 0

    def add(self, content: bytes) -> bytes:
        """Return the chunks that are full by now; one is always held back, as it may be the last."""
        self._pending += content
        sealed = b""
        while len(self._pending) > CHUNK:
            sealed += self._seal(bytes(self._pending[:CHUNK]), is_last=False)
            del self._pending[:CHUNK]
        return sealed

    def finish(self) -> bytes:
        """Return the last chunk."""
        return self._seal(bytes(self._pending), is_last=True)

    def _seal(self, content: bytes, *, is_last: bool) -> bytes:
        nonce = _NONCE.pack(self._number, is_last)
        self._number += 1
        return self.cipher.encrypt(nonce, content, None)


def _regular(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut whatever pieces come in into pieces of one size, the last one shorter."""
    pending = bytearray()
    for piece in chunks:
        pending += piece
        while len(pending) >= CHUNK:
            yield bytes(pending[:CHUNK])
            del pending[:CHUNK]
    if pending:
        yield bytes(pending)
