"""Where files on their way in and out lie: sealed, in the workspace's own folder, for as long as they are needed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO
from uuid import UUID

from compliance.encryption.stored_files import Shelf

IMPORTS = Shelf("imports", "crm.import.file")
EXPORTS = Shelf("exports", "crm.export.file")


def store(pk: UUID, chunks: Iterable[bytes]) -> int:
    """Keep an import's file; return its size."""
    return IMPORTS.store(pk, chunks)


def store_export(pk: UUID, chunks: Iterable[bytes]) -> int:
    """Keep an export's file; return its size."""
    return EXPORTS.store(pk, chunks)


@contextmanager
def opened(pk: UUID) -> Iterator[BinaryIO]:
    """Open an import's file, to be read from any place."""
    with IMPORTS.stored(pk) as sealed:
        yield IMPORTS.readable(sealed, pk)


def opened_export(pk: UUID) -> BinaryIO:
    """Open an export's file; whoever reads it closes it."""
    return EXPORTS.readable(EXPORTS.stored(pk), pk)


def remove(pk: UUID) -> None:
    """Delete an import's file; one that is gone already is no error."""
    IMPORTS.remove(pk)


def remove_export(pk: UUID) -> None:
    """Delete an export's file; one that is gone already is no error."""
    EXPORTS.remove(pk)
