"""Reading a file takes little memory, however long it is, and whatever it would become unpacked."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from crm.transfer.export.columns import columns_of
from crm.transfer.export.writers import FORMATS
from crm.transfer.reading.files import Arrival, look_at, read_rows
from crm.transfer.reading.table import BadFile, Layout
from tests.crm.transfer.conftest import record_type

ROWS = 200_000
# Cards and workbooks take a second for each ten thousand while every byte is watched.
FEWER_ROWS = 10_000
MEGABYTE = 2**20
PEAK = 12 * MEGABYTE

type Peak = Callable[[Callable[[], object]], int]


@pytest.fixture
def peak() -> Peak:
    """Return how many bytes a function holds at most, of what it asks Python for."""

    def run(work: Callable[[], object]) -> int:
        tracemalloc.start()
        try:
            work()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return run


def _csv() -> Iterator[bytes]:
    yield b"given name,family name,email\n"
    for at in range(0, ROWS, 1000):
        lines = (f"Ada,Number {at + more},ada.{at + more}@x.example\n" for more in range(1000))
        yield "".join(lines).encode()


def _cards() -> Iterator[bytes]:
    for at in range(0, FEWER_ROWS, 1000):
        cards = (
            f"BEGIN:VCARD\nVERSION:4.0\nFN:Ada {at + more}\nEMAIL:{at + more}@x.example\nEND:VCARD\n"
            for more in range(1000)
        )
        yield "".join(cards).encode()


def _workbook() -> Iterator[bytes]:
    columns = columns_of(record_type("company"), "all")
    empty = [""] * (len(columns.fields) - 2)
    rows = (
        [f"Company {number}", f"https://{number}.example", *empty] for number in range(FEWER_ROWS)
    )
    yield from FORMATS["xlsx"].write(columns, rows)


FILES: dict[str, tuple[Callable[[], Iterator[bytes]], str, int]] = {
    "text": (_csv, "a.csv", ROWS),
    "cards": (_cards, "a.vcf", FEWER_ROWS),
    "workbook": (_workbook, "a.xlsx", FEWER_ROWS),
}


def _kept(folder: Path, chunks: Iterable[bytes], name: str) -> tuple[Path, Arrival]:
    arrival, path = Arrival(name), folder / name
    with path.open("wb") as file:
        file.writelines(arrival.watch(chunks))
    return path, arrival


@pytest.mark.parametrize("kind", FILES)
def test_a_long_file_is_read_in_little_memory(kind: str, tmp_path: Path, peak: Peak) -> None:
    make, name, rows = FILES[kind]
    path, arrival = _kept(tmp_path, make(), name)
    read = 0

    def work() -> None:
        nonlocal read
        with path.open("rb") as file:
            table = look_at(file, arrival.layout(file))
            for row in read_rows(file, table.layout):
                read += 1
                assert row.cells

    assert peak(work) < PEAK
    assert read == rows


def test_a_picture_on_one_long_line_does_not_hide_its_card(tmp_path: Path, peak: Peak) -> None:
    picture = b"PHOTO;ENCODING=b:" + b"QUJD" * (4 * MEGABYTE) + b"\n"
    card = b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada\n" + picture + b"TITLE:Countess\nEND:VCARD\n"
    path, arrival = _kept(tmp_path, [card], "a.vcf")
    found: list[list[str]] = []

    def work() -> None:
        with path.open("rb") as file:
            found.extend(row.cells for row in read_rows(file, arrival.layout(file)))

    assert peak(work) < PEAK
    assert {"Ada", "Countess"} <= set(found[0])


def _packed(**parts: Iterable[bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, chunks in parts.items():
            with archive.open(name.replace("__", "/") + ".xml", "w") as part:
                for chunk in chunks:
                    part.write(chunk)
    return written.getvalue()


BOMBS: dict[str, tuple[Callable[[], Iterable[bytes]], str]] = {
    "a part that unpacks to two hundred megabytes": (
        lambda: [_packed(xl__workbook=(bytes(MEGABYTE) for _part in range(256)))],
        "a.xlsx",
    ),
    "a cell without an end": (
        lambda: (b"name\n" if at == 0 else b"x" * MEGABYTE for at in range(64)),
        "a.csv",
    ),
    "a cell without an end far below": (
        lambda: (
            b"name\n" + b"Ada\n" * (MEGABYTE // 4) if at == 0 else b"x" * MEGABYTE
            for at in range(64)
        ),
        "a.csv",
    ),
    "a cell in quotes that are never closed": (
        lambda: (b'name\n"' if at == 0 else b"x\n" * (MEGABYTE // 2) for at in range(64)),
        "a.csv",
    ),
    "a header without an end": (lambda: (b"a," * (MEGABYTE // 2) for _part in range(64)), "a.csv"),
    "a card without an end": (
        lambda: (
            b"BEGIN:VCARD\nVERSION:3.0\nNOTE:" if at == 0 else b"x" * MEGABYTE for at in range(64)
        ),
        "a.vcf",
    ),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_what_would_fill_the_memory_is_refused_before_it_does(
    kind: str, tmp_path: Path, peak: Peak
) -> None:
    make, name = BOMBS[kind]
    path, arrival = _kept(tmp_path, make(), name)

    def work() -> None:
        with path.open("rb") as file, pytest.raises(BadFile):
            table = look_at(file, arrival.layout(file))
            for _row in read_rows(file, table.layout):
                continue

    assert peak(work) < PEAK


def test_a_workbook_that_multiplies_its_own_texts_is_refused(tmp_path: Path, peak: Peak) -> None:
    entities = "".join(
        f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10)
    )
    text = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><workbook>&a9;</workbook>'
    )
    path, arrival = _kept(tmp_path, [_packed(xl__workbook=[text.encode()])], "a.xlsx")

    def work() -> None:
        with path.open("rb") as file, pytest.raises(BadFile):
            look_at(file, Layout(kind="workbook", encoding="", delimiter=""))

    assert arrival.kind == "workbook"
    assert peak(work) < PEAK
