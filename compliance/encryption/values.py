"""Sealing and opening one value in the bound workspace, and the objects that carry values about."""

import logging
from collections.abc import Callable
from typing import Any, NoReturn, Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from compliance.encryption import envelope
from compliance.encryption.errors import (
    KeyDestroyed,
    PlaintextRefused,
    SealingError,
    Tampered,
)
from compliance.encryption.keyring import (
    KeyBatch,
    cipher_for,
    current_keyring,
    sealer_for,
)

# Security events: an outside change of stored data was met.
log = logging.getLogger("atrium.security")

# Distinguishes "not opened yet" from an opened value of None.
UNOPENED: Any = object()


class Codec(Protocol):
    """What a sealed field knows about its values: their constant name and their bytes."""

    uid: str

    def decode(self, plaintext: bytes) -> Any: ...


type Seal = Callable[[bytes, UUID, UUID | None], bytes]


def seal_value(plaintext: bytes, *, uid: str, row: UUID, subject: UUID | None) -> bytes:
    """Return the bytes to store for this field of this row; `subject` None is the workspace."""
    return sealer_of(uid)(plaintext, row, subject)


def sealer_of(uid: str) -> Seal:
    """Return what seals values of this field, each for a row and a subject, in the bound workspace."""
    keyring = current_keyring()
    start = keyring.start(uid)

    def seal(plaintext: bytes, row: UUID, subject: UUID | None) -> bytes:
        key_id, cipher = sealer_for(keyring, subject)
        return envelope.seal(cipher, key_id, plaintext, start=start, row=row)

    return seal


def unseal_value(blob: bytes, *, uid: str, row: UUID, batch: KeyBatch | None = None) -> bytes:
    """Return what was sealed for this field of this row; a SealingError when it does not open."""
    try:
        key_id = envelope.key_id_of(blob)
        keyring = current_keyring()
        cipher = cipher_for(keyring, key_id, batch)
        return envelope.unseal(cipher, blob, start=keyring.start(uid), row=row)
    except Tampered:
        log.error("A stored value of %s in row %s is not what was sealed.", uid, row)
        raise


class Sealed:
    """A stored value as it came from the database. It shows nothing and pickles as ciphertext."""

    __slots__ = ("batch", "blob", "field", "plain")

    def __init__(
        self, blob: bytes, field: Codec | None = None, batch: KeyBatch | None = None
    ) -> None:
        self.blob = blob
        self.field = field
        self.batch = batch
        self.plain = UNOPENED

    @property
    def is_open(self) -> bool:
        return self.plain is not UNOPENED

    def opened(self, field: Codec, row: UUID) -> Any:
        """Return the value, or raise the SealingError that says why it cannot be had."""
        if self.plain is UNOPENED:
            plaintext = unseal_value(self.blob, uid=field.uid, row=row, batch=self.batch)
            self.plain = field.decode(plaintext)
        return self.plain

    def shown(self, field: Codec, row: UUID) -> Any:
        """Return the value, or a Placeholder; only an unreachable vault is an error."""
        if self.plain is UNOPENED:
            try:
                self.opened(field, row)
            except KeyDestroyed:
                self.plain = Erased(_("[erased]"))
            except Tampered:
                self.plain = Unreadable(_("unreadable"))
        return self.plain

    def __reduce__(self) -> tuple[Any, ...]:
        return Sealed, (self.blob,)

    def __repr__(self) -> str:
        return "<sealed>"

    def __str__(self) -> NoReturn:
        raise PlaintextRefused("A sealed value has no text; open it through its record.")


class Draft:
    """A plaintext set on a record and not stored yet. It never leaves the process by pickling."""

    __slots__ = ("replaces", "value")

    def __init__(self, value: Any, replaces: Sealed | None = None) -> None:
        self.value = value
        self.replaces = replaces

    def __copy__(self) -> "Draft":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Draft":
        return self

    def __reduce__(self) -> NoReturn:
        raise PlaintextRefused("A record with unsaved personal data cannot be pickled.")

    def __repr__(self) -> str:
        return "<unsaved sealed value>"


class Placeholder(str):
    """Stands for a value that cannot be opened. A record that holds one refuses to save it."""

    error: type[SealingError] = SealingError
    __slots__ = ()


class Erased(Placeholder):
    error = KeyDestroyed
    __slots__ = ()


class Unreadable(Placeholder):
    error = Tampered
    __slots__ = ()
