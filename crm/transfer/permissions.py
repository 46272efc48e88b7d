"""Who may bring files in: each type of record has a permission of its own."""

from django.core.exceptions import PermissionDenied

from core.access import can
from core.actors import Actor
from core.records.registry import record_type_named, record_types


def may_import(actor: Actor, name: str = "") -> bool:
    """Return whether the actor may import records of the type of this name, or of any type."""
    kinds = [record_type_named(name)] if name else record_types()
    return any(kind is not None and can(actor, kind.permission("import")) for kind in kinds)


def authorize_import(actor: Actor, name: str = "") -> None:
    """Raise PermissionDenied unless the actor may import records of this type, or of any."""
    if not may_import(actor, name):
        raise PermissionDenied(f"import {name}".strip())
