"""The bytes of a sealed value."""

import hmac
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from compliance.encryption.derivation import BLOCK, KeyedHash
from compliance.encryption.envelope import (
    OVERHEAD,
    binding_start,
    key_id_of,
    length_prefixed,
    seal,
    unseal,
)
from compliance.encryption.errors import Tampered
from core.ids import new_id

KEY_ID = b"key id 8"
CIPHER = AESGCM(bytes(range(32)))
START = binding_start(UUID(int=1), "test.person.email")


@pytest.fixture(autouse=True)
def inside_acme():
    """Nothing here touches a database."""


def opened(blob, *, start=START, row):
    key_id_of(blob)
    return unseal(CIPHER, blob, start=start, row=row)


@given(st.binary(max_size=300), st.uuids())
def test_what_was_sealed_opens_and_costs_38_bytes(plaintext, row):
    blob = seal(CIPHER, KEY_ID, plaintext, start=START, row=row)

    assert opened(blob, row=row) == plaintext
    assert len(blob) == len(plaintext) + OVERHEAD == len(plaintext) + 38
    assert key_id_of(blob) == KEY_ID


@given(st.text(min_size=1, max_size=40), st.data())
def test_no_changed_bit_is_accepted(text, data):
    row = new_id()
    blob = bytearray(seal(CIPHER, KEY_ID, text.encode(), start=START, row=row))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= data.draw(st.integers(1, 255))

    with pytest.raises(Tampered):
        opened(bytes(blob), row=row)


@given(st.binary(max_size=120))
def test_other_bytes_are_never_taken_for_a_value(planted):
    with pytest.raises(Tampered):
        opened(planted, row=UUID(int=2))


@given(st.integers(0, 77))
def test_a_cut_off_value_is_refused(length):
    row = new_id()
    blob = seal(CIPHER, KEY_ID, b"jane.doe+long.mailbox@example.co.uk.....", start=START, row=row)
    assert len(blob) == 78

    with pytest.raises(Tampered):
        opened(blob[:length], row=row)


@given(st.lists(st.binary(max_size=6)), st.lists(st.binary(max_size=6)))
def test_different_parts_never_join_to_the_same_bytes(some, others):
    assert (length_prefixed(*some) == length_prefixed(*others)) is (some == others)


def test_a_value_belongs_to_its_workspace_field_and_row():
    row = new_id()
    blob = seal(CIPHER, KEY_ID, b"jane@example.com", start=START, row=row)

    for start, other_row in (
        (START, new_id()),
        (binding_start(UUID(int=1), "test.person.phone"), row),
        (binding_start(UUID(int=2), "test.person.email"), row),
    ):
        with pytest.raises(Tampered):
            opened(blob, start=start, row=other_row)


def test_no_nonce_comes_twice():
    row = new_id()
    blobs = [seal(CIPHER, KEY_ID, b"same", start=START, row=row) for _ in range(20_000)]

    assert len({blob[10:22] for blob in blobs}) == len(blobs)


@given(st.binary(max_size=BLOCK), st.binary())
def test_a_kept_hash_is_the_one_everybody_knows(key, message):
    assert KeyedHash(key).digest(message) == hmac.digest(key, message, "sha256")


def test_a_key_longer_than_a_block_is_refused():
    with pytest.raises(ValueError, match="longer than a block"):
        KeyedHash(bytes(BLOCK + 1))
