"""Which kind of file it is, and the reader for it."""

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.transfer.reading.archives import LOCKED
from crm.transfer.reading.cards import Cards
from crm.transfer.reading.delimited import Delimited, detect_delimiter
from crm.transfer.reading.encodings import Judge, without_mark
from crm.transfer.reading.table import BadFile, Kind, Layout, Reader, Row, Table
from crm.transfer.reading.workbooks import Workbooks

READERS: dict[Kind, Reader] = {"text": Delimited(), "workbook": Workbooks(), "cards": Cards()}
PACKED = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A workbook with a password is a file system of its own, with a part of this name in it.
ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
SIGNATURES: dict[bytes, Promise] = {
    b"%PDF": _("This is a PDF document, not a table. Choose a CSV, XLSX or vCard file."),
    b"\x89PNG": _("This is a picture, not a table. Choose a CSV, XLSX or vCard file."),
    b"\xff\xd8\xff": _("This is a picture, not a table. Choose a CSV, XLSX or vCard file."),
    b"\x1f\x8b": _("This file is packed. Unpack it, and choose what was inside."),
    b"Rar!": _("This file is packed. Unpack it, and choose what was inside."),
    b"7z\xbc\xaf": _("This file is packed. Unpack it, and choose what was inside."),
}
OLD_WORKBOOK = _("This is an old Excel workbook. Save it as XLSX or CSV, and choose that file.")
NOT_A_WORKBOOK = _(
    "The file is called a workbook and is none; it may be damaged. Save it as XLSX again, and choose that file."
)
HEAD = 512


class Arrival:
    """A file passing by for the first time: refused when it is nothing to be read, else its kind."""

    def __init__(self, file_name: str = "") -> None:
        self.suffix = PurePath(file_name).suffix.casefold()
        self.judge = Judge()
        self.kind: Kind = "text"

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Hand the chunks on; BadFile as soon as something is wrong with them."""
        whole = _refuse_empty(chunks)
        first = next(whole)
        self.kind = self._kind_of(first)
        rest = _joined(first, whole)
        yield from rest if self.kind == "workbook" else self.judge.watch(rest)

    def _kind_of(self, start: bytes) -> Kind:
        for signature, sentence in SIGNATURES.items():
            if start.startswith(signature):
                raise BadFile(sentence)
        if start.startswith(COMPOUND):
            raise BadFile(LOCKED if ENCRYPTED_PART in start else OLD_WORKBOOK)
        if start.startswith(PACKED):
            return "workbook"
        if self.suffix in (".xlsx", ".xlsm") and b"\0" in start:
            raise BadFile(NOT_A_WORKBOOK)
        return "text"

    def layout(self, file: BinaryIO) -> Layout:
        """Return how the file is to be read, after all of it has passed by."""
        if self.kind == "workbook":
            return Layout(kind="workbook", encoding="", delimiter="")
        encoding = self.judge.verdict
        file.seek(0)
        head = without_mark(file.read(HEAD).decode(encoding, "replace")).lstrip().casefold()
        if head.startswith("begin:vcard"):
            return Layout(kind="cards", encoding=encoding, delimiter="")
        return Layout(encoding=encoding, delimiter=detect_delimiter(file, encoding))


def _refuse_empty(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Begin with the first chunk in which anything stands."""
    pending = b""
    is_empty = True
    for chunk in chunks:
        if is_empty and not (pending + chunk).strip():
            pending += chunk[:HEAD]
            continue
        yield pending + chunk if is_empty else chunk
        is_empty = False
    if is_empty:
        raise BadFile(_("The file is empty."))


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """A first chunk of a few bytes says too little of itself."""
    for chunk in rest:
        if len(first) >= HEAD:
            yield first
            yield chunk
            break
        first += chunk
    else:
        yield first
        return
    yield from rest


def look_at(file: BinaryIO, layout: Layout) -> Table:
    """Return what the file is under this layout; BadFile says why it is nothing."""
    return READERS[layout.kind].look(file, layout)


def read_rows(file: BinaryIO, layout: Layout) -> Iterator[Row]:
    """Yield the file's rows, holding little of it."""
    return READERS[layout.kind].rows(file, layout)
