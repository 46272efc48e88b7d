"""What a key looks like: atr_<workspace>_<random>. Only its hash is ever kept."""

import hashlib
import secrets

from core.isolation.scope import current_workspace

PREFIX = "atr"
RANDOM_BYTES = 32
HINT_LETTERS = 4


def new_secret() -> str:
    """Return a fresh key of the current workspace."""
    return f"{PREFIX}_{_workspace_number()}_{secrets.token_urlsafe(RANDOM_BYTES)}"


def hash_of(secret: str) -> str:
    """Return what is stored. The key is random enough that a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hint_of(secret: str) -> str:
    return secret[-HINT_LETTERS:]


def is_of_this_workspace(secret: str) -> bool:
    """Return whether the key says it was made here; asks no database."""
    return secret.startswith(f"{PREFIX}_{_workspace_number()}_")


def _workspace_number() -> str:
    return current_workspace().schema.removeprefix("t_")
