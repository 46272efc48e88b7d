"""The keys of the bound workspace: found in this process's caches, else loaded from the vault."""

from collections.abc import Iterable
from contextvars import ContextVar
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from compliance.encryption.caches import TimedCache
from compliance.encryption.derivation import KeyedHash, derive
from compliance.encryption.envelope import Cipher, binding_start
from compliance.encryption.errors import (
    KeyDestroyed,
    KeyUnavailable,
    SealingError,
    SubjectErased,
    Tampered,
)
from compliance.encryption.providers import key_provider
from compliance.encryption.vault import epochs, keys
from compliance.encryption.vault.keys import PersonKey, RootKey
from core.isolation.scope import current_workspace

TENANT_SECONDS = getattr(settings, "ENCRYPTION_CACHE_TENANT_SECONDS", 15 * 60)
SUBJECT_SECONDS = getattr(settings, "ENCRYPTION_CACHE_SUBJECT_SECONDS", 5 * 60)
SUBJECTS = getattr(settings, "ENCRYPTION_CACHE_SUBJECTS", 10_000)
# A page of people needs one query for its keys, and twenty thousand rows need twenty.
BATCH = 1_000


class SubjectCipher:
    """A person's cipher and the id of its key; or, for a person erased, the failure to raise."""

    __slots__ = ("cipher", "failure", "key_id")

    def __init__(self, person: PersonKey) -> None:
        self.key_id = person.key_id
        self.failure: type[SealingError] | None = person.failure
        self.cipher: Cipher | None = AESGCM(person.key) if person.failure is None else None

    def opened(self) -> Cipher:
        if self.cipher is None:
            raise (self.failure or KeyDestroyed)("The key of this value is gone.")
        return self.cipher


class Keyring:
    """What a workspace's root key gives: its own cipher, its index keys, its fields' bindings."""

    def __init__(self, tenant: UUID, root: RootKey) -> None:
        self.tenant = tenant
        self.prefix = tenant.bytes
        self.key_id = root.key_id
        self.cipher: Cipher = keys.workspace_cipher(root.key)
        self._root = root.key
        self._derived: dict[tuple[str, ...], bytes] = {}
        self._hashings: dict[tuple[str, ...], KeyedHash] = {}
        self._starts: dict[str, bytes] = {}

    def derived(self, *label: str) -> bytes:
        key = self._derived.get(label)
        if key is None:
            key = self._derived[label] = derive(self._root, *label)
        return key

    def hashing(self, *label: str) -> KeyedHash:
        found = self._hashings.get(label)
        if found is None:
            found = self._hashings[label] = KeyedHash(self.derived(*label))
        return found

    def start(self, uid: str) -> bytes:
        start = self._starts.get(uid)
        if start is None:
            start = self._starts[uid] = binding_start(self.tenant, uid)
        return start


class KeyBatch:
    """Ids of keys that values read together will need, so that one query loads them all."""

    __slots__ = ("key_ids",)

    def __init__(self) -> None:
        self.key_ids: set[bytes] = set()


# By the workspace's id as a number, which is quicker to look up: every value of a page asks.
_keyrings: TimedCache[int, Keyring] = TimedCache(size=1_000, seconds=TENANT_SECONDS)
# Each person twice: by workspace and key id for opening, by workspace and subject for sealing.
_ciphers: TimedCache[bytes, SubjectCipher] = TimedCache(size=2 * SUBJECTS, seconds=SUBJECT_SECONDS)
_epoch: TimedCache[str, UUID] = TimedCache(size=1, seconds=SUBJECT_SECONDS)
_seen_generation: dict[str, int] = {}

_batch: ContextVar[KeyBatch | None] = ContextVar("sealed_batch", default=None)
_check_due: ContextVar[bool] = ContextVar("generation_check_due", default=False)


def start_unit_of_work() -> None:
    """Forget, before the next use, keys that were destroyed since the last request or job.

    Costs nothing until the first sealed value is touched, and then one small query.
    """
    _check_due.set(True)
    _batch.set(None)


def forget_keys() -> None:
    """Drop every key this process holds unwrapped."""
    for cache in (_keyrings, _ciphers, _epoch):
        cache.clear()
    key_provider().forget()


def current_keyring() -> Keyring:
    """Return the bound workspace's keyring."""
    if _check_due.get():
        _check_generation()
    tenant = current_workspace().id
    return _keyrings.get(tenant.int) or _load_keyring(tenant)


def batch_for(key_id: bytes) -> KeyBatch:
    """Note that a value just read needs this key, and return the batch it will be loaded with."""
    batch = _batch.get()
    if batch is None or len(batch.key_ids) >= BATCH:
        batch = KeyBatch()
        _batch.set(batch)
    batch.key_ids.add(key_id)
    return batch


def cipher_for(keyring: Keyring, key_id: bytes, batch: KeyBatch | None = None) -> Cipher:
    """Return the cipher of a stored value, loading with it the keys of all values read alongside."""
    found = _ciphers.get(keyring.prefix + key_id)
    if found is not None:
        return found.cipher or found.opened()
    if key_id == keyring.key_id:
        return keyring.cipher
    wanted = {key_id}
    if batch is not None:
        wanted |= {other for other in batch.key_ids if not _ciphers.get(keyring.prefix + other)}
        batch.key_ids.clear()
    clearings = _ciphers.clearings
    loaded = _remember(keyring, keys.load_keys(keyring.tenant, wanted), clearings)
    for found in loaded.values():
        if found.key_id == key_id:
            return found.opened()
    raise Tampered("No key of this workspace has the id this value names.")


def sealer_for(keyring: Keyring, subject: UUID | None) -> tuple[bytes, Cipher]:
    """Return key id and cipher for new values of this person, or of the workspace itself."""
    if subject is None:
        return keyring.key_id, keyring.cipher
    found = _ciphers.get(keyring.prefix + subject.bytes)
    if found is None:
        found = _obtain(keyring, {subject})[subject]
    if found.cipher is None and found.failure is KeyDestroyed:
        raise SubjectErased
    return found.key_id, found.cipher or found.opened()


def ensure_subject_keys(subjects: Iterable[UUID]) -> None:
    """Have keys ready for sealing values of these people: one query, and one insert for new ones.

    The keys are committed at once; those of people whose rows are rolled back lie there unused.
    """
    keyring = current_keyring()
    missing = _uncached(keyring, subjects)
    if missing:
        _obtain(keyring, missing)


def create_subject_keys(subjects: Iterable[UUID]) -> None:
    """The same for people who are new for certain: one insert, nothing asked before it."""
    keyring = current_keyring()
    missing = _uncached(keyring, subjects)
    if missing:
        missing -= _create_subjects(keyring, missing).keys()
    if missing:
        _obtain(keyring, missing)


def _uncached(keyring: Keyring, subjects: Iterable[UUID]) -> set[UUID]:
    prefix = keyring.prefix
    return {each for each in set(subjects) if _ciphers.get(prefix + each.bytes) is None}


def _obtain(keyring: Keyring, subjects: set[UUID]) -> dict[UUID, SubjectCipher]:
    clearings = _ciphers.clearings
    found = _remember(keyring, keys.load_subjects(keyring.tenant, subjects), clearings)
    while missing := subjects - found.keys():
        found |= _create_subjects(keyring, missing)
    return found


def _create_subjects(keyring: Keyring, subjects: set[UUID]) -> dict[UUID, SubjectCipher]:
    clearings = _ciphers.clearings
    remembered = _epoch.get("current")
    epoch = remembered or epochs.current_epoch()
    try:
        made = keys.create_subject_keys(keyring.tenant, subjects, epoch=epoch)
    except KeyDestroyed:
        if remembered is None:
            raise KeyUnavailable("The vault calls an epoch current that was destroyed.") from None
        made = []
    else:
        _epoch.keep([("current", epoch)], clearings=_epoch.clearings)
    found = _remember(keyring, made, clearings)
    if missing := subjects - found.keys():
        # Somebody was faster, or the epoch has been retired: look again before the next try.
        _epoch.clear()
        found |= _remember(keyring, keys.load_subjects(keyring.tenant, missing), clearings)
    return found


def _remember(
    keyring: Keyring, people: list[PersonKey], clearings: int
) -> dict[UUID, SubjectCipher]:
    found = {person.subject: SubjectCipher(person) for person in people}
    prefix = keyring.prefix
    entries = [(prefix + each.key_id, each) for each in found.values()]
    entries += [(prefix + subject.bytes, each) for subject, each in found.items()]
    _ciphers.keep(entries, clearings=clearings)
    return found


def _load_keyring(tenant: UUID) -> Keyring:
    clearings = _keyrings.clearings
    keyring = Keyring(tenant, keys.load_tenant_key(tenant))
    _keyrings.keep([(tenant.int, keyring)], clearings=clearings)
    return keyring


def _check_generation() -> None:
    _check_due.set(False)
    try:
        generation = epochs.generation()
    except KeyUnavailable:
        return  # the keys already here serve until their time is over
    if _seen_generation.setdefault("vault", generation) != generation:
        forget_keys()
        _seen_generation["vault"] = generation
