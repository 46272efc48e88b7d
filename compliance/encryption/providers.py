"""Where key-encryption keys live: the interface, and the provider the settings name."""

from functools import cache
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

KEY_FILES = "compliance.encryption.key_files.KeyFileProvider"


class KeyProvider(Protocol):
    """Wraps keys under one key per epoch, which never leaves the provider.

    Every call names its context, and a key unwraps only in the context it was wrapped in.
    `unwrap` raises KeyDestroyed for a destroyed epoch and KeyUnavailable for a missing one;
    `problems` says, a sentence each, what must be put right before anything may start.
    """

    def create(self, epoch: UUID) -> None: ...

    def wrap(self, epoch: UUID, key: bytes, *, context: bytes) -> bytes: ...

    def unwrap(self, epoch: UUID, wrapped: bytes, *, context: bytes) -> bytes: ...

    def destroy(self, epoch: UUID) -> None: ...

    def forget(self) -> None: ...

    def problems(self) -> list[str]: ...


@cache
def key_provider() -> KeyProvider:
    """Return this process's provider, chosen by VAULT_KEY_PROVIDER (key files by default)."""
    provider = import_string(getattr(settings, "VAULT_KEY_PROVIDER", KEY_FILES))
    return cast(KeyProvider, provider())
