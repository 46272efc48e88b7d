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
TOKEN_BITS = 31
# So many tokens are remembered for each index of a workspace, as long as its keys are.
TOKENS_KEPT = 4_096


class KeyedHash:
    """HMAC-SHA-256 under one key, which is taken in once: a name alone has a dozen tokens.

    The same as `hmac.digest` gives, in a third of its time.
    """

    __slots__ = ("_inner", "_outer", "_tokens")

    def __init__(self, key: bytes) -> None:
        block = key.ljust(BLOCK, b"\0")
        if len(block) != BLOCK:
            raise ValueError("A key longer than a block would have to be hashed first.")
        self._inner = sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = sha256(bytes(byte ^ 0x5C for byte in block))
        self._tokens: dict[str, int] = {}

    def digest(self, message: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()

    def token(self, part: str) -> int:
        """Return the hash of a part of a text as a number; names begin with the same letters again and again."""
        found = self._tokens.get(part)
        if found is None:
            if len(self._tokens) >= TOKENS_KEPT:
                self._tokens.clear()
            found = int.from_bytes(self.digest(part.encode())[:4]) >> (32 - TOKEN_BITS)
            self._tokens[part] = found
        return found


def derive(root: bytes, *label: str) -> bytes:
    """Return the 32-byte key this label names; different labels give unrelated keys."""
    parts = (part.encode() for part in ("derive", *label))
    return hmac.digest(root, length_prefixed(*parts), "sha256")
