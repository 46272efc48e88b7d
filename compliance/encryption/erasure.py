"""Ending keys for good. What they sealed is unreadable from then on, here at once."""

from collections.abc import Iterable
from uuid import UUID

from compliance.encryption.keyring import forget_keys
from compliance.encryption.vault import epochs, keys


def destroy_subject(workspace_id: UUID, subject: UUID) -> None:
    """Destroy a person's key: nothing sealed for them opens, and nothing more can be sealed.

    Other processes notice at their next request or job. Copies of the vault made before still open
    it until the epoch has been rotated.
    """
    destroy_subjects(workspace_id, [subject])


def destroy_subjects(workspace_id: UUID, subjects: Iterable[UUID]) -> None:
    """Destroy the keys of several people at once, as `destroy_subject` does for one."""
    keys.destroy_subjects(workspace_id, subjects)
    forget_keys()


def revive_subject(workspace_id: UUID, subject: UUID) -> None:
    """Give a person whose key was destroyed a new key, for a record that exists again.

    It opens nothing the old one sealed; it lets what was kept elsewhere be sealed for them anew.
    """
    keys.revive_subject(workspace_id, subject)
    forget_keys()


def destroy_tenant_keys(workspace_id: UUID) -> None:
    """Destroy every key of a workspace."""
    keys.destroy_tenant_keys(workspace_id)
    forget_keys()


def rotate_epoch() -> UUID:
    """Move every living key to a new epoch and destroy the old one, and old copies of the vault with it."""
    epoch = epochs.rotate_epoch()
    forget_keys()
    return epoch
