"""Which tables live where: the vault's in the vault, the platform's in public, the rest in workspaces."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models import Model
from django_tenants.utils import get_public_schema_name

VAULT = "vault"
OWNER = "owner"
CACHE = "django_cache"


class HomeRouter:
    """Route each model to its home. Migrations run on the owner's connection, in one schema at a time."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return VAULT if model._meta.app_label == VAULT else None

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        vaults = {one._meta.app_label == VAULT, other._meta.app_label == VAULT}
        return False if len(vaults) == 2 else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        if db == VAULT or app_label == VAULT:
            return db == app_label
        if db != OWNER:
            return False
        if app_label == CACHE:
            return _is_public(db)
        homes = settings.SHARED_APPS if _is_public(db) else settings.TENANT_APPS
        return apps.get_app_config(app_label).name in homes


def _is_public(db: str) -> bool:
    connection: Any = connections[db]
    return bool(connection.schema_name == get_public_schema_name())
