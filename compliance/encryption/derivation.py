"""Keys made from a workspace's root key, one for each purpose."""

import hmac

from compliance.encryption.envelope import length_prefixed

WORKSPACE_CIPHER = "workspace cipher"
EXACT_INDEX = "exact index"
PREFIX_INDEX = "prefix index"
WORD_INDEX = "word index"
START_INDEX = "start index"


def derive(root: bytes, *label: str) -> bytes:
    """Return the 32-byte key this label names; different labels give unrelated keys."""
    parts = (part.encode() for part in ("derive", *label))
    return hmac.digest(root, length_prefixed(*parts), "sha256")
