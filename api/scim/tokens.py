"""What a provisioning token looks like: scim_<workspace>_<random>. Only its hash is ever kept."""

import hashlib
import secrets

from core.isolation.scope import current_workspace

PREFIX = "scim"
RANDOM_BYTES = 32
HINT_LETTERS = 4


def new_secret() -> str:
    """Return a fresh token of the current workspace."""
    return f"{_start()}{secrets.token_urlsafe(RANDOM_BYTES)}"


def hash_of(secret: str) -> str:
    """Return what is stored. A token is random enough that a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hint_of(secret: str) -> str:
    return secret[-HINT_LETTERS:]


def is_of_this_workspace(secret: str) -> bool:
    """Return whether the token says it was made here; asks no database."""
    return secret.startswith(_start())


def _start() -> str:
    return f"{PREFIX}_{current_workspace().schema.removeprefix('t_')}_"
