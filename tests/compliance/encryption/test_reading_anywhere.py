"""A sealed file can be read from any place, and gives nothing once a chunk was changed."""

import io
from typing import Any

import pytest

from compliance.encryption.errors import Tampered
from compliance.encryption.files import CHUNK, ChunkSealer, OpenedChunks

CONTENT = bytes(range(256)) * 700  # more than two chunks


def sealed() -> tuple[bytes, Any]:
    sealer = ChunkSealer()
    stored = b"".join(sealer.add(CONTENT[at : at + 1000]) for at in range(0, len(CONTENT), 1000))
    return stored + sealer.finish(), sealer.cipher


@pytest.mark.parametrize("at", [0, 5, CHUNK - 3, CHUNK, 2 * CHUNK + 1, len(CONTENT) - 1])
def test_any_part_can_be_read(at: int) -> None:
    stored, cipher = sealed()
    opened = io.BufferedReader(OpenedChunks(io.BytesIO(stored), cipher, start=0))

    opened.seek(at)

    assert opened.read(10) == CONTENT[at : at + 10]
    opened.seek(0)
    assert opened.read() == CONTENT


def test_a_changed_chunk_is_noticed() -> None:
    stored, cipher = sealed()
    broken = bytearray(stored)
    broken[CHUNK + 40] ^= 1
    opened = OpenedChunks(io.BytesIO(bytes(broken)), cipher, start=0)

    assert opened.read(10) == CONTENT[:10]
    opened.seek(CHUNK + 1)
    with pytest.raises(Tampered):
        opened.read(10)
