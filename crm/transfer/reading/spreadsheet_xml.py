"""The XML inside a workbook, read piece by piece so that neither strings nor rows pile up."""

from array import array
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from crm.transfer.reading.archives import DAMAGED
from crm.transfer.reading.table import BadFile, refuse_long

CHUNK = 64 * 1024
LAST_COLUMN = 16_384
# A workbook's strings are held together; beyond this it is no table of records.
MOST_STRING_BYTES = 512 * 2**20

type Attributes = dict[str, str]
type Cell = tuple[int, str, int, str]  # place, type, style, text


def local(tag: str) -> str:
    """Return a tag without its namespace."""
    return tag.rpartition(":")[2]


def parser() -> Any:
    """Return a parser that declares no entities: a workbook needs none, an attack does."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.EntityDeclHandler = _refuse_entity
    made.StartDoctypeDeclHandler = _refuse_entity
    return made


def _refuse_entity(*_details: Any) -> None:
    raise BadFile(DAMAGED)


def feed(made: Any, source: BinaryIO) -> Iterator[None]:
    """Feed the parser chunk by chunk, pausing after each."""
    try:
        while chunk := source.read(CHUNK):
            made.Parse(chunk, False)  # noqa: FBT003
            yield
        made.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError:
        raise BadFile(DAMAGED) from None
    yield


def each_start(source: BinaryIO, take: Callable[[str, Attributes], None]) -> None:
    """Call the function for every element of a small part."""
    made = parser()
    made.StartElementHandler = lambda tag, attributes: take(local(tag), attributes)
    for _step in feed(made, source):
        continue


class Strings:
    """The texts cells refer to by number, kept as bytes one behind the other."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def add(self, text: str) -> None:
        self._bytes += text.encode()
        if len(self._bytes) > MOST_STRING_BYTES:
            raise BadFile(DAMAGED)
        self._ends.append(len(self._bytes))

    def __getitem__(self, number: int) -> str:
        if not 0 <= number < len(self._ends) - 1:
            raise BadFile(DAMAGED)
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode()


class _Texts:
    """Collects the text of runs, leaving out how it is pronounced."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.is_text = False
        self.is_sound = False

    def start(self, tag: str) -> None:
        self.is_sound = self.is_sound or tag == "rPh"
        self.is_text = tag in ("t", "v") and not self.is_sound

    def end(self, tag: str) -> None:
        self.is_text = False
        if tag == "rPh":
            self.is_sound = False

    def data(self, text: str) -> None:
        if self.is_text:
            self.parts.append(text)

    def taken(self) -> str:
        text = "".join(self.parts)
        self.parts.clear()
        return text


def read_strings(source: BinaryIO) -> Strings:
    """Return the workbook's table of texts."""
    strings, texts, made = Strings(), _Texts(), parser()

    def end(tag: str) -> None:
        texts.end(local(tag))
        if local(tag) == "si":
            strings.add(texts.taken())

    made.StartElementHandler = lambda tag, _attributes: texts.start(local(tag))
    made.EndElementHandler, made.CharacterDataHandler = end, texts.data
    for _step in feed(made, source):
        continue
    return strings


class SheetParser:
    """Walks through one sheet; `rows` yields each row's number with its cells."""

    def __init__(self) -> None:
        self.number = 0
        self.place = 0
        self.cells: list[Cell] = []
        self.done: list[tuple[int, list[Cell]]] = []
        self.texts = _Texts()
        self.cell: tuple[int, str, int] | None = None

    def rows(self, source: BinaryIO) -> Iterator[tuple[int, list[Cell]]]:
        made = parser()
        made.StartElementHandler, made.EndElementHandler = self._start, self._end
        made.CharacterDataHandler = self.texts.data
        for _step in feed(made, source):
            yield from self.done
            self.done.clear()

    def _start(self, tag: str, attributes: Attributes) -> None:
        tag = local(tag)
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "row":
            self.number = _number(attributes.get("r"), self.number + 1)
            self.place, self.cells = 0, []
        elif self.cell:
            self.texts.start(tag)

    def _start_cell(self, attributes: Attributes) -> None:
        self.place = _place(attributes.get("r", "")) or self.place + 1
        if self.place > LAST_COLUMN:
            raise BadFile(DAMAGED)
        style = _number(attributes.get("s"), 0)
        self.cell = self.place, attributes.get("t", "n"), style

    def _end(self, tag: str) -> None:
        tag = local(tag)
        if tag == "c" and self.cell:
            if text := self.texts.taken():
                refuse_long(len(text), self.number)
                self.cells.append((*self.cell, text))
            self.cell = None
        elif tag == "row":
            self.done.append((self.number, self.cells))
        elif self.cell:
            self.texts.end(tag)


def _number(text: str | None, otherwise: int) -> int:
    try:
        return int(text) if text else otherwise
    except ValueError:
        raise BadFile(DAMAGED) from None


def _place(reference: str) -> int:
    """Return the column of a reference: 1 of A7, 28 of AB7."""
    place = 0
    for sign in reference:
        if not "A" <= sign <= "Z":
            break
        place = place * 26 + ord(sign) - 64
    return place
