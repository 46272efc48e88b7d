"""A cache whose keys carry their workspace, so that one workspace never reads another's entry."""

from typing import Any

from django.core.cache.backends.db import DatabaseCache as DjangoDatabaseCache
from django.db import transaction

from core.isolation.scope import bound_workspace, control_plane


def make_key(key: str, key_prefix: str, version: int) -> str:
    """Return the key as stored: under the bound workspace's schema, or the platform's own name."""
    workspace = bound_workspace()
    return f"{workspace.schema if workspace else 'platform'}:{key_prefix}:{version}:{key}"


class DatabaseCache(DjangoDatabaseCache):
    """Django's database cache in the platform's schema: one table serves all workspaces."""

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        with control_plane("read the cache"), transaction.atomic():
            return super().get_many(keys, version)

    def has_key(self, key: Any, version: int | None = None) -> bool:
        with control_plane("read the cache"), transaction.atomic():
            return super().has_key(key, version)

    def _base_set(self, mode: str, key: Any, value: Any, timeout: Any = None) -> bool:
        with control_plane("write the cache"), transaction.atomic():
            return super()._base_set(mode, key, value, timeout)  # type: ignore[misc]

    def _base_delete_many(self, keys: Any) -> bool:
        with control_plane("write the cache"), transaction.atomic():
            return super()._base_delete_many(keys)  # type: ignore[misc]

    def clear(self) -> None:
        with control_plane("write the cache"), transaction.atomic():
            super().clear()
