"""The owner's connection, which makes schemas and migrates them: where it stands."""

from typing import Any

from django.db import connections


def enter(schema: str) -> None:
    """Point the owner's connection at one schema, and at nothing else."""
    _owner().set_schema(schema, include_public=False)


def enter_public() -> None:
    """Point the owner's connection at the platform's tables."""
    _owner().set_schema_to_public()


def _owner() -> Any:
    return connections["owner"]
