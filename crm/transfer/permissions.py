"""Who may bring files in: each type of record has a permission of its own, and each file its owner."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from core.access import can
from core.actors import Actor
from core.errors import OperationError
from core.records.registry import record_type_named, record_types
from crm.transfer.models import Import


class OthersImport(OperationError):
    """Its rows, and what they would change, were found with the rights of whoever brought the file."""

    code = "import_of_another"
    message = _("Only whoever brought this file may see its rows and decide about it.")
    status = 403


def may_import(actor: Actor, name: str = "") -> bool:
    """Return whether the actor may import records of the type of this name, or of any type."""
    kinds = [record_type_named(name)] if name else record_types()
    return any(kind is not None and can(actor, kind.permission("import")) for kind in kinds)


def authorize_import(actor: Actor, name: str = "") -> None:
    """Raise PermissionDenied unless the actor may import records of this type, or of any."""
    if not may_import(actor, name):
        raise PermissionDenied(f"import {name}".strip())


def may_open(actor: Actor, the_import: Import) -> bool:
    """Return whether the actor may see what the import holds and decide about it."""
    return the_import.is_of(actor) and may_import(actor, the_import.record_type)


def authorize_own(actor: Actor, the_import: Import) -> None:
    """Raise PermissionDenied or OthersImport unless the actor may see what the import holds and decide."""
    authorize_import(actor, the_import.record_type)
    if not the_import.is_of(actor):
        raise OthersImport
