"""The stored files of a workspace as a whole; each lies under the name of its schema."""

from django.core.files.storage import default_storage

from tenants.provisioning.sql import checked


def remove_files(schema: str) -> int:
    """Delete everything a workspace has stored, and return how many files there were."""
    return _remove(checked(schema))


def _remove(folder: str) -> int:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return 0
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    removed = len(names) + sum(_remove(f"{folder}/{inner}") for inner in folders)
    # A folder is a thing of its own on a disk; elsewhere it was never there.
    default_storage.delete(folder)
    return removed
