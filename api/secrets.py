"""What programs show at the door: <kind>_<workspace>_<random>. Only its hash is ever kept."""

import secrets
from dataclasses import dataclass

from core.isolation.scope import current_workspace

RANDOM_BYTES = 32
HINT_LETTERS = 4


@dataclass(frozen=True, slots=True)
class SecretKind:
    """Secrets of one kind, told apart by how they begin."""

    prefix: str

    def new(self) -> str:
        """Return a fresh secret of the current workspace."""
        return f"{self._start()}{secrets.token_urlsafe(RANDOM_BYTES)}"

    def is_of_this_workspace(self, secret: str) -> bool:
        """Return whether the secret says it was made here; asks no database."""
        return secret.startswith(self._start())

    def _start(self) -> str:
        return f"{self.prefix}_{current_workspace().schema.removeprefix('t_')}_"


KEY, SCIM_TOKEN = SecretKind("atr"), SecretKind("scim")


def hint_of(secret: str) -> str:
    """Return the end of a secret, by which its owner knows it again."""
    return secret[-HINT_LETTERS:]
