"""Sealed blobs and files."""

import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.encryption.erasure import destroy_subject
from compliance.encryption.errors import KeyDestroyed, Tampered
from compliance.encryption.files import (
    CHUNK,
    seal_bytes,
    seal_stream,
    unseal_bytes,
    unseal_stream,
)
from core.ids import new_id

pytestmark = pytest.mark.usefixtures("fresh_vault")

UID = "test.file"
ROW = new_id()
JANE = new_id()


def sealed(content, piece=10_000):
    pieces = (content[at : at + piece] for at in range(0, len(content), piece))
    return b"".join(seal_stream(pieces, uid=UID, row=ROW, subject=JANE))


def opened(stored, *, row=ROW):
    return b"".join(unseal_stream(io.BytesIO(stored), uid=UID, row=row))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5])
def test_a_file_opens_as_it_was(size):
    content = bytes(range(256)) * (size // 256 + 1)

    assert opened(sealed(content[:size])) == content[:size]


@settings(max_examples=30)
@given(st.binary(max_size=3 * CHUNK), st.integers(1, 2 * CHUNK))
def test_the_pieces_a_file_comes_in_do_not_matter(content, piece):
    assert opened(sealed(content, piece)) == content


@pytest.mark.parametrize("size", [0, CHUNK, 2 * CHUNK + 5])
def test_a_file_cut_off_anywhere_is_refused(size):
    stored = sealed(b"x" * size)

    for length in (0, 1, 40, 71, 72, len(stored) - 17, len(stored) - 16, len(stored) - 1):
        with pytest.raises(Tampered):
            opened(stored[:length])


def test_chunks_cannot_be_left_out_swapped_or_added():
    stored = sealed(b"a" * CHUNK + b"b" * CHUNK + b"c" * CHUNK)
    size = CHUNK + 16
    header = stored[: len(stored) - 3 * size]
    one, two, three = (stored[len(header) + n * size :][:size] for n in range(3))
    assert opened(header + one + two + three)[:1] == b"a"

    for chunks in (
        (one, two),
        (one, three),
        (two, one, three),
        (one, two, three, three),
        (one, two, three, b"x"),
        (three,),
        (),
    ):
        with pytest.raises(Tampered):
            opened(header + b"".join(chunks))


def test_a_file_belongs_to_its_row_and_dies_with_its_person(acme):
    stored, blob = sealed(b"scan"), seal_bytes(b"scan", uid=UID, row=ROW, subject=JANE)
    assert unseal_bytes(blob, uid=UID, row=ROW) == b"scan"
    for refuse in (
        lambda: opened(stored, row=new_id()),
        lambda: unseal_bytes(blob, uid=UID, row=new_id()),
        lambda: opened(b"plain text"),
    ):
        with pytest.raises(Tampered):
            refuse()

    destroy_subject(acme.id, JANE)

    with pytest.raises(KeyDestroyed):
        opened(stored)
    with pytest.raises(KeyDestroyed):
        unseal_bytes(blob, uid=UID, row=ROW)


def test_a_files_bytes_show_nothing_of_it():
    stored = sealed(b"Nightingale " * 1_000)

    assert b"Nightingale" not in stored
    assert sealed(b"same") != sealed(b"same")


def test_memory_does_not_grow_with_the_file():
    pieces = (b"x" * CHUNK for _ in range(400))
    tracemalloc.start()
    for _ in seal_stream(pieces, uid=UID, row=ROW, subject=JANE):
        continue
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 20 * CHUNK
