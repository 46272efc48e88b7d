"""The rows a list's address stands for: pages, bulk actions and exports begin with the same ones."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from core.actors import Actor
from core.records.registry import RecordType


def selection_of(record_type: RecordType, params: QueryDict, actor: Actor) -> QuerySet[Any]:
    """Return the rows this actor may see that match the search and filters of a query string.

    They are exactly those the list shows on all its pages; how they are ordered is left open.
    """
    visible = record_type.model._default_manager.visible_to(actor)  # type: ignore[attr-defined]
    rows = record_type.listing.filters(params, queryset=visible).qs
    search = params.get("search", "").strip()
    return _confirmed(rows, record_type, search) if search else rows


def _confirmed(rows: QuerySet[Any], record_type: RecordType, search: str) -> QuerySet[Any]:
    """Leave out what an index answered by chance: nothing may be changed that nobody saw."""
    confirm = record_type.search.confirm
    found = record_type.listing.prepare(rows)
    chance = [record.pk for record in found.iterator(2_000) if not confirm(record, search)]
    return rows.exclude(pk__in=chance) if chance else rows
