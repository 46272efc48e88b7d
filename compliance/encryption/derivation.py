"""Keys made from a workspace's root key, one for each purpose."""

import hmac
from hashlib import sha256

from compliance.encryption.envelope import length_prefixed

WORKSPACE_CIPHER = "workspace cipher"
EXACT_INDEX = "exact index"
PREFIX_INDEX = "prefix index"
WORD_INDEX = "word index"
START_INDEX = "start index"

# The bytes SHA-256 takes in at a time.
BLOCK = 64


class KeyedHash:
    """HMAC-SHA-256 under one key, which is taken in once: a name alone has a dozen tokens.

    The same as `hmac.digest` gives, in a third of its time.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        block = key.ljust(BLOCK, b"\0")
        if len(block) != BLOCK:
            raise ValueError("A key longer than a block would have to be hashed first.")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in block))

    def digest(self, message: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


def derive(root: bytes, *label: str) -> bytes:
    """Return the 32-byte key this label names; different labels give unrelated keys."""
    parts = (part.encode() for part in ("derive", *label))
    return hmac.digest(root, length_prefixed(*parts), "sha256")
