"""What an authenticator app does, written from RFC 6238 and not from the product."""

import base64
import hashlib
import hmac
import re
import struct
import time


def totp(secret: str, at: float | None = None) -> str:
    """Return the code an app shows for this secret now, or at another time."""
    counter = struct.pack(">Q", int((time.time() if at is None else at) // 30))
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def secret_on(page: str) -> str:
    """Return the secret a page tells in text."""
    return re.search(r"data-secret>([A-Z2-7]+)<", page)[1]


def recovery_codes_on(page: str) -> list[str]:
    """Return the recovery codes a page shows."""
    return re.findall(r"<li>(\d{8})</li>", page)
