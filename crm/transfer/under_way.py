"""Which of a member's own imports go on behind the page, for the corner of every page."""

from typing import Any

from django.urls import reverse

from core.http import Request
from core.prepared import Prepared, given
from crm.transfer.models import Import
from crm.transfer.permissions import may_import

MOST = 2
UNDER_WAY = Prepared(
    lambda: (
        Import.objects.filter(
            given("transfer_import.owner_id = %s::uuid"),
            given("transfer_import.state IN ('checking', 'running')"),
        )
        .only("pk", "file_name")
        .order_by("-created_at", "-pk")[:MOST]
    )
)


def shown_imports(request: Request, imports: list[Import]) -> list[dict[str, Any]]:
    """Return each import with the address that tells how far it is; its own pages say it themselves."""
    if not imports or not may_import(request.actor):
        return []
    return [
        {
            "text": each.file_name,
            "url": each.get_absolute_url(),
            "progress_url": reverse("transfer:status", args=[each.pk]),
        }
        for each in imports
        if not request.path.startswith(each.get_absolute_url())
    ]
