"""Reading a file through wrappers that would close it when they are done."""

import io
import os
from typing import Any, BinaryIO


class _Borrowed(io.RawIOBase):
    """The file, without the right to close it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file: Any = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return int(self._file.readinto(buffer))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())


def from_the_start(file: BinaryIO) -> io.BufferedReader:
    """Return the file from its beginning, read in larger pieces; it stays open."""
    file.seek(0)
    return io.BufferedReader(_Borrowed(file))
