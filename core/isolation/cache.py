"""A cache whose keys carry their workspace, so that one workspace never reads another's entry."""

from typing import Any

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache as DjangoDatabaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.db import connection, transaction

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

    def forget_workspace(self, schema: str) -> None:
        """Delete everything a workspace has kept here."""
        stored: Any = self
        with control_plane("empty a workspace's cache"), transaction.atomic():
            table = connection.ops.quote_name(stored._table)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"DELETE FROM {table} WHERE starts_with(cache_key, %s)",  # noqa: S608  the cache table's name
                    [f"{schema}:"],
                )


class RedisCache(DjangoRedisCache):
    """Django's cache in Redis."""

    def forget_workspace(self, schema: str) -> None:
        """Delete everything a workspace has kept here."""
        client = self._cache.get_client(None, write=True)
        for key in client.scan_iter(match=f"{schema}:*", count=1_000):
            client.delete(key)


class LocalCache(LocMemCache):
    """Django's cache in this process alone."""

    def forget_workspace(self, schema: str) -> None:
        """Delete everything a workspace has kept here; other processes' entries expire."""
        kept: Any = self
        with kept._lock:
            for key in [key for key in kept._cache if key.startswith(f"{schema}:")]:
                kept._delete(key)


def forget_workspace(schema: str) -> None:
    """Delete what a workspace has kept in any cache."""
    cache: Any
    for cache in caches.all():
        cache.forget_workspace(schema)
