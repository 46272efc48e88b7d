"""Making, loading and destroying the wrapped keys of workspaces and people."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from compliance.encryption.derivation import WORKSPACE_CIPHER, derive
from compliance.encryption.envelope import KEY_ID_BYTES, binding_start, seal, unseal
from compliance.encryption.errors import KeyDestroyed, KeyUnavailable, SealingError, Tampered
from compliance.encryption.providers import key_provider
from compliance.encryption.vault.database import ask, change
from compliance.encryption.vault.epochs import (
    count_destruction,
    current_epoch,
    ensure_epoch,
    hold_epoch,
    subject_context,
    tenant_context,
)

KEY_BYTES = 32
CANARY = b"This workspace's keys open."
CANARY_UID = "vault.canary"

_INSERT_TENANT = """
    INSERT INTO vault_tenantkey (tenant, key_id, wrapped, canary, epoch_id)
    VALUES (%s, %s, %s, %s, %s) ON CONFLICT (tenant) DO NOTHING"""
_INSERT_SUBJECTS = """
    INSERT INTO vault_subjectkey (tenant, key_id, subject, wrapped, epoch_id)
    SELECT %s, new.key_id, new.subject, new.wrapped, epoch.id
    FROM (SELECT id FROM vault_epoch WHERE id = %s AND retired_at IS NULL FOR SHARE) epoch,
         unnest(%s::bytea[], %s::uuid[], %s::bytea[]) AS new(key_id, subject, wrapped)
    ON CONFLICT (tenant, subject) DO NOTHING
    RETURNING subject"""
_SELECT = "SELECT key_id, subject, wrapped, epoch_id FROM vault_subjectkey WHERE tenant = %s"
_DESTROY_SUBJECTS = """
    INSERT INTO vault_subjectkey (tenant, key_id, subject, epoch_id, destroyed_at)
    SELECT %s, gone.key_id, gone.subject, %s, clock_timestamp()
    FROM unnest(%s::bytea[], %s::uuid[]) AS gone(key_id, subject)
    ON CONFLICT (tenant, subject) DO UPDATE SET wrapped = NULL,
        destroyed_at = coalesce(vault_subjectkey.destroyed_at, clock_timestamp())"""
_REVIVE_SUBJECT = """
    UPDATE vault_subjectkey SET key_id = %s, wrapped = %s, epoch_id = %s, destroyed_at = NULL
    WHERE tenant = %s AND subject = %s AND wrapped IS NULL"""
_DESTROY_ALL_SUBJECTS = """
    UPDATE vault_subjectkey SET wrapped = NULL, destroyed_at = clock_timestamp()
    WHERE tenant = %s AND wrapped IS NOT NULL"""
_DESTROY_TENANT = """
    UPDATE vault_tenantkey SET wrapped = NULL, canary = NULL, destroyed_at = clock_timestamp()
    WHERE tenant = %s AND wrapped IS NOT NULL"""


@dataclass(frozen=True, slots=True)
class RootKey:
    """A workspace's own key, unwrapped, with the id its ciphertexts carry."""

    key_id: bytes
    key: bytes


@dataclass(frozen=True, slots=True)
class PersonKey:
    """A person's key, unwrapped, or why there is none to be had."""

    key_id: bytes
    subject: UUID
    key: bytes
    failure: type[SealingError] | None = None


def create_tenant_keys(workspace_id: UUID) -> None:
    """Give a new workspace its root key and canary. Safe to run twice: the first key stays."""
    ensure_epoch()
    key_id, key = secrets.token_bytes(KEY_ID_BYTES), secrets.token_bytes(KEY_BYTES)
    start = binding_start(workspace_id, CANARY_UID)
    canary = seal(workspace_cipher(key), key_id, CANARY, start=start, row=workspace_id)
    while True:
        epoch = current_epoch()
        with change():
            if hold_epoch(epoch):
                context = tenant_context(workspace_id)
                wrapped = key_provider().wrap(epoch, key, context=context)
                ask(_INSERT_TENANT, [workspace_id, key_id, wrapped, canary, epoch])
                return


def load_tenant_key(tenant: UUID) -> RootKey:
    """Return the workspace's root key; KeyDestroyed when it ended, KeyUnavailable when not made."""
    sql = "SELECT key_id, wrapped, epoch_id FROM vault_tenantkey WHERE tenant = %s"
    rows = ask(sql, [tenant])
    if not rows:
        raise KeyUnavailable(f"Workspace {tenant} has no keys: provisioning has not made them.")
    key_id, wrapped, epoch = rows[0]
    if wrapped is None:
        raise KeyDestroyed(f"The keys of workspace {tenant} were destroyed.")
    try:
        key = key_provider().unwrap(epoch, wrapped, context=tenant_context(tenant))
    except KeyDestroyed:
        if ask(sql, [tenant])[0][2] == epoch:
            raise
        return load_tenant_key(tenant)  # an epoch rotation finished between the two steps
    return RootKey(key_id, key)


def load_keys(tenant: UUID, key_ids: Collection[bytes]) -> list[PersonKey]:
    """Return the people's keys with these ids in one query; unknown ids are left out."""
    return _unwrapped(tenant, f"{_SELECT} AND key_id = ANY(%s)", list(key_ids))


def load_subjects(tenant: UUID, subjects: Collection[UUID]) -> list[PersonKey]:
    """Return the keys of these people in one query; people without one are left out."""
    return _unwrapped(tenant, f"{_SELECT} AND subject = ANY(%s)", list(subjects))


def create_subject_keys(tenant: UUID, subjects: Iterable[UUID], *, epoch: UUID) -> list[PersonKey]:
    """Insert keys for people who have none, in one statement, and return those it made.

    Nobody is returned when the epoch has been retired, nor anybody somebody else was faster for.
    """
    made = {
        # Sorted, so that two batches naming the same people wait for instead of blocking each other.
        subject: PersonKey(
            secrets.token_bytes(KEY_ID_BYTES), subject, secrets.token_bytes(KEY_BYTES)
        )
        for subject in sorted(subjects)
    }
    wrap = key_provider().wrap
    wrapped = [
        wrap(epoch, person.key, context=subject_context(tenant, person.key_id))
        for person in made.values()
    ]
    key_ids = [person.key_id for person in made.values()]
    rows = ask(_INSERT_SUBJECTS, [tenant, epoch, key_ids, list(made), wrapped])
    return [made[subject] for (subject,) in rows]


def destroy_subjects(workspace_id: UUID, subjects: Iterable[UUID]) -> None:
    """Destroy people's keys for good: nothing sealed for them opens, and nothing can be sealed."""
    # Sorted, so that two destructions of the same people wait for each other.
    gone = sorted(set(subjects))
    if not gone:
        return
    with change():
        # A person without a key gets a dead one, so that a late write cannot bring them back.
        key_ids = [secrets.token_bytes(KEY_ID_BYTES) for _subject in gone]
        ask(_DESTROY_SUBJECTS, [workspace_id, current_epoch(), key_ids, gone])
        count_destruction()


def revive_subject(workspace_id: UUID, subject: UUID) -> None:
    """Give a person whose key was destroyed a new one; what the old one sealed stays unreadable.

    Somebody whose key is alive keeps it.
    """
    key_id, key = secrets.token_bytes(KEY_ID_BYTES), secrets.token_bytes(KEY_BYTES)
    while True:
        epoch = current_epoch()
        with change():
            if hold_epoch(epoch):
                context = subject_context(workspace_id, key_id)
                wrapped = key_provider().wrap(epoch, key, context=context)
                ask(_REVIVE_SUBJECT, [key_id, wrapped, epoch, workspace_id, subject])
                # Processes remember that the key is destroyed, as they remember living ones.
                count_destruction()
                return


def destroy_tenant_keys(workspace_id: UUID) -> None:
    """Destroy every key of a workspace for good."""
    with change():
        ask(_DESTROY_ALL_SUBJECTS, [workspace_id])
        ask(_DESTROY_TENANT, [workspace_id])
        count_destruction()


def unreadable_tenants(expected: Iterable[UUID]) -> list[UUID]:
    """Return those of these workspaces whose canary does not open here, or that have no keys."""
    rows = ask(
        "SELECT tenant, wrapped, epoch_id, canary FROM vault_tenantkey WHERE canary IS NOT NULL"
    )
    readable = {tenant for tenant, *keys in rows if _opens(tenant, *keys)}
    return sorted(set(expected) - readable)


def workspace_cipher(root: bytes) -> AESGCM:
    """Return the cipher for what belongs to a workspace and to nobody in it."""
    return AESGCM(derive(root, WORKSPACE_CIPHER))


def _opens(tenant: UUID, wrapped: bytes, epoch: UUID, canary: bytes) -> bool:
    start = binding_start(tenant, CANARY_UID)
    try:
        root = key_provider().unwrap(epoch, wrapped, context=tenant_context(tenant))
        return unseal(workspace_cipher(root), canary, start=start, row=tenant) == CANARY
    except SealingError:
        return False


def _unwrapped(tenant: UUID, sql: str, wanted: list[bytes] | list[UUID]) -> list[PersonKey]:
    rows = ask(sql, [tenant, wanted])
    people = [_person(tenant, *row) for row in rows]
    if not any(person.failure is _EpochGone for person in people):
        return people
    # An epoch rotation may have finished between the query and the unwrapping.
    return [_person(tenant, *row) for row in ask(sql, [tenant, wanted])]


class _EpochGone(KeyDestroyed):
    """The wrapped key is there, but its epoch was destroyed."""


def _person(
    tenant: UUID, key_id: bytes, subject: UUID, wrapped: bytes | None, epoch: UUID
) -> PersonKey:
    if wrapped is None:
        return PersonKey(key_id, subject, b"", KeyDestroyed)
    context = subject_context(tenant, key_id)
    try:
        key = key_provider().unwrap(epoch, wrapped, context=context)
    except KeyDestroyed:
        return PersonKey(key_id, subject, b"", _EpochGone)
    except Tampered:
        return PersonKey(key_id, subject, b"", Tampered)
    return PersonKey(key_id, subject, key)
