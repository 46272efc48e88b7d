"""The bytes of one sealed value: version, algorithm, key id, nonce, ciphertext and tag."""

import os
import struct
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag

from compliance.encryption.errors import Tampered

VERSION = 0xE1
AES_256_GCM = 1
KEY_ID_BYTES = 8
NONCE_BYTES = 12
TAG_BYTES = 16
HEADER = struct.Struct(f">BB{KEY_ID_BYTES}s{NONCE_BYTES}s")
OVERHEAD = HEADER.size + TAG_BYTES

# Where the key id stands in an envelope.
KEY_ID = slice(2, 2 + KEY_ID_BYTES)

_LENGTH = struct.Struct(">I")
_ROW, _KEY = _LENGTH.pack(16), _LENGTH.pack(KEY_ID_BYTES)
_NONCE = slice(2 + KEY_ID_BYTES, HEADER.size)
_START = bytes((VERSION, AES_256_GCM))


class Cipher(Protocol):
    """An authenticated cipher with its key inside."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None, /) -> bytes: ...


def length_prefixed(*parts: bytes) -> bytes:
    """Join the parts so that no two different lists of parts give the same bytes."""
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def binding_start(tenant: UUID, uid: str) -> bytes:
    """Return the constant beginning of a field's associated data."""
    return length_prefixed(b"fle1", tenant.bytes, uid.encode())


def binding(start: bytes, row: UUID, key_id: bytes) -> bytes:
    """Return the associated data that ties a value to its workspace, field, row and key."""
    # length_prefixed(row.bytes, key_id), written out: every value of every page comes by here.
    return b"".join((start, _ROW, row.bytes, _KEY, key_id))


def seal(cipher: Cipher, key_id: bytes, plaintext: bytes, *, start: bytes, row: UUID) -> bytes:
    """Return the envelope of this value, different on every call."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = cipher.encrypt(nonce, plaintext, binding(start, row, key_id))
    return _START + key_id + nonce + sealed


def unseal(cipher: Cipher, blob: bytes, *, start: bytes, row: UUID) -> bytes:
    """Return the plaintext of an envelope `key_id_of` has accepted; Tampered when any bit differs."""
    try:
        return cipher.decrypt(blob[_NONCE], blob[HEADER.size :], binding(start, row, blob[KEY_ID]))
    except InvalidTag:
        raise Tampered("The tag does not fit.") from None


def key_id_of(blob: bytes) -> bytes:
    """Return the id of the key an envelope needs; Tampered when it is no envelope of ours."""
    if len(blob) < OVERHEAD or blob[:2] != _START:
        raise Tampered("Not a sealed value of a known version and algorithm.")
    return blob[KEY_ID]
