"""What of a member's own bulk work goes on behind the page, for the corner of every page."""

from typing import Any

from django.urls import reverse

from core.http import Request
from core.prepared import Prepared, given
from crm.history.models.change_sets import ChangeSet
from crm.history.pages.change_sets import sentence_of

MOST = 2
READ = ("pk", "kind", "record_type", "state", "total", "created_at", *ChangeSet.counted)
# Imports tell of themselves.
UNDER_WAY = Prepared(
    lambda: (
        ChangeSet.objects.filter(
            given("history_changeset.owner_id = %s::uuid"),
            given("history_changeset.state IN ('running', 'undoing')"),
        )
        .exclude(kind=ChangeSet.Kind.IMPORT)
        .only(*READ)
        .order_by("-created_at", "-pk")[:MOST]
    )
)


def shown_work(request: Request, sets: list[ChangeSet]) -> list[dict[str, Any]]:
    """Return each piece of work in words, with the address that tells how far it is."""
    return [
        {
            "text": sentence_of(each),
            "url": each.get_absolute_url(),
            "progress_url": reverse("change-set-toast", args=[each.pk]),
        }
        for each in sets
    ]
