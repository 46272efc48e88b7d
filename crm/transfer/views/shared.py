"""What the pages of an import have in common."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from core.http import Request
from crm.transfer.models import Import
from crm.transfer.pages import STEPS, ImportView, crumbs
from crm.transfer.permissions import authorize_import, authorize_own

State = Import.State
OPEN = (State.UPLOADED, State.CHECKED, State.FAILED)


def opened(request: Request, pk: UUID) -> Import:
    """Return the import; 404 when it is not theirs to know of, 403 when not to see and decide about."""
    authorize_import(request.actor)
    rows = Import.objects.visible_to(request.actor).select_related("owner__role")
    found: Import = get_object_or_404(rows, pk=pk)
    authorize_own(request.actor, found)
    return found


def context_of(request: Request, the_import: Import, *, step: int, **more: Any) -> dict[str, Any]:
    """Return what every page of the wizard shows."""
    return {
        "import": the_import,
        "view": ImportView(the_import, request.actor),
        "steps": STEPS,
        "step": step,
        "breadcrumb": crumbs(the_import.file_name),
        **more,
    }
