"""How secrets of connections are sealed: a higher part of the product hands it in when it loads."""

from typing import Protocol
from uuid import UUID

SECRET, SAID = "sso.connection.secret", "sso.assertion.said"


class Safe(Protocol):
    """Seals texts under the bound workspace's key, each for one row and one use."""

    def seal(self, text: str, *, uid: str, row: UUID) -> bytes: ...

    def open(self, blob: bytes, *, uid: str, row: UUID) -> str: ...


_safes: list[Safe] = []


def keep_in(safe: Safe) -> None:
    """Have secrets kept in this safe."""
    _safes[:] = [safe]


def sealed(text: str, *, uid: str, row: UUID) -> bytes:
    """Return the bytes to store; no text is no bytes."""
    return _safes[0].seal(text, uid=uid, row=row) if text else b""


def opened(blob: bytes | memoryview, *, uid: str, row: UUID) -> str:
    """Return the text these bytes were sealed from, for the same row and use."""
    return _safes[0].open(bytes(blob), uid=uid, row=row) if blob else ""
