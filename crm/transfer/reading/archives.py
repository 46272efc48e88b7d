"""Looking at a packed file before anything of it is unpacked."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from crm.transfer.reading.table import BadFile

MOST_PARTS = 2_000
LARGEST_UNPACKED = 6 * 2**30
LARGEST_RATIO = 100
# Small parts pack very well without being a bomb.
UNSUSPICIOUS = 10 * 2**20
_ENCRYPTED = 0x1

BOMB = _("Unpacked, this file would be many times larger than any table. It was not opened.")
DAMAGED = _("The workbook is damaged or was cut off. Open it in a spreadsheet, and save it again.")


@contextmanager
def unpacked(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """Open a packed file whose parts are of a believable size; BadFile for any other."""
    try:
        with zipfile.ZipFile(file) as archive:
            refuse_bomb(archive)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError):
        raise BadFile(DAMAGED) from None


def refuse_bomb(archive: zipfile.ZipFile) -> None:
    """Raise BadFile when the parts would grow beyond all measure, or are locked by a password."""
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or total > LARGEST_UNPACKED:
        raise BadFile(BOMB)
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            raise BadFile(LOCKED)
        if part.file_size > UNSUSPICIOUS and part.file_size > LARGEST_RATIO * part.compress_size:
            raise BadFile(BOMB)


LOCKED = _("The workbook is locked with a password. Save it without one, and choose that file.")
