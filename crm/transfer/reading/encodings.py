"""In which encoding a text is: told by its mark, proven by its bytes, or judged by how they stand."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from crm.transfer.reading.table import BadFile

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "cp1252")
LABELS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16 (LE)",
    "utf-16-be": "UTF-16 (BE)",
    "gb18030": "GB18030 (简体中文)",
    "cp1252": "Windows-1252",
}
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# Characters of Chinese text stand in pairs of high bytes; letters with accents stand alone.
_HIGH = re.compile(rb"[\x80-\xff]+")
_COMMON_PAIR = re.compile(rb"(?:[\xa1-\xf7][\xa1-\xfe])+")
# Latin text without a mark has every other byte empty.
MOSTLY = 0.3


def decoding(encoding: str) -> str:
    """Return the codec's name; a mark at the beginning is no part of the text."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


def marked(start: bytes) -> str:
    """Return the encoding a byte order mark names, or nothing."""
    return next((name for mark, name in MARKS.items() if start.startswith(mark)), "")


def without_mark(text: str) -> str:
    return text.removeprefix("\ufeff")


@dataclass(slots=True)
class Judge:
    """Watches the bytes of a text pass by, and says at the end which encoding they are in."""

    encoding: str = ""
    pairs: int = 0
    singles: int = 0
    _utf_8: codecs.IncrementalDecoder | None = field(
        default_factory=codecs.getincrementaldecoder("utf-8")
    )

    def watch(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """Hand the chunks on; BadFile when they are no text."""
        for number, chunk in enumerate(chunks):
            if not number:
                self.encoding = marked(chunk) or _unmarked_utf_16(chunk)
            self._take(chunk)
            yield chunk
        self._decode(b"", is_final=True)

    def _take(self, chunk: bytes) -> None:
        if self.encoding.startswith("utf-16"):
            return
        if b"\0" in chunk:
            raise BadFile(
                _("The file holds null bytes, so it is not a text file. Choose a CSV file.")
            )
        if not chunk.isascii():
            self._count(chunk)
        self._decode(chunk)

    def _decode(self, chunk: bytes, *, is_final: bool = False) -> None:
        if self._utf_8 is None:
            return
        try:
            self._utf_8.decode(chunk, is_final)
        except UnicodeDecodeError:
            self._utf_8 = None

    def _count(self, chunk: bytes) -> None:
        for run in _HIGH.findall(chunk):
            if len(run) % 2 == 0 and _COMMON_PAIR.fullmatch(run):
                self.pairs += len(run) // 2
            else:
                self.singles += 1

    @property
    def verdict(self) -> str:
        """The encoding the whole text is most likely in."""
        if self.encoding.startswith("utf-16") or self._utf_8 is not None:
            return self.encoding or "utf-8"
        return "gb18030" if self.pairs > self.singles else "cp1252"


def _unmarked_utf_16(start: bytes) -> str:
    head = start[: len(start) & ~1][:4096]
    if len(head) < 4:
        return ""
    half = len(head) // 2
    if head[1::2].count(0) > half * MOSTLY and not head[0::2].count(0):
        return "utf-16-le"
    if head[0::2].count(0) > half * MOSTLY and not head[1::2].count(0):
        return "utf-16-be"
    return ""
