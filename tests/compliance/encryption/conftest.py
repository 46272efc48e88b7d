"""Tables of sealed people in both workspaces, and a vault with keys of its own for every test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from compliance.encryption.keyring import forget_keys
from compliance.encryption.providers import key_provider
from compliance.encryption.vault.database import ask
from compliance.encryption.vault.keys import create_tenant_keys
from core.isolation.scope import Workspace
from tests.compliance.encryption.models import Person, Phone, Secret

MODELS = (Person, Phone, Secret)


@pytest.fixture(scope="package")
def sealed_tables(workspaces: dict[str, Workspace], django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        for workspace in workspaces.values():
            _in_schema(workspace.schema, lambda editor, model: editor.create_model(model))
    yield
    with django_db_blocker.unblock():
        for workspace in workspaces.values():
            _in_schema(workspace.schema, lambda editor, model: editor.delete_model(model))
        connections["owner"].close()


def _in_schema(schema: str, change: Callable[[Any, Any], None]) -> None:
    owner = connections["owner"]
    owner.set_schema(schema, include_public=False)
    with owner.schema_editor() as editor:
        for model in MODELS:
            change(editor, model)
    owner.set_schema_to_public()


@pytest.fixture
def fresh_vault(settings: Any, tmp_path: Path, workspaces: dict[str, Workspace]) -> Iterator[Path]:
    """Point the test at key files and vault rows of its own; the rows go with its transaction."""
    settings.VAULT_KEY_DIR = tmp_path / "keys"
    key_provider.cache_clear()
    forget_keys()
    for table in ("subjectkey", "tenantkey", "epoch", "generation"):
        ask(f"DELETE FROM vault_{table}")
    for workspace in workspaces.values():
        create_tenant_keys(workspace.id)
    yield settings.VAULT_KEY_DIR
    forget_keys()
    key_provider.cache_clear()


@pytest.fixture
def people(fresh_vault: Path, sealed_tables: None) -> type[Person]:
    """The table of people, with keys to seal them."""
    return Person
