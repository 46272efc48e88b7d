"""The rows a list's address stands for: pages, bulk actions and exports begin with the same ones."""

from collections.abc import Mapping
from itertools import batched
from typing import Any

from django.db.models import QuerySet

from core.actors import Actor
from core.records.conditions.fields import Asking, asking
from core.records.filtering import by_conditions
from core.records.narrowing import seen_as
from core.records.registry import RecordType

CONFIRMED = 2_000


def selection_of(record_type: RecordType, params: Mapping[str, Any], actor: Actor) -> QuerySet[Any]:
    """Return the rows this actor may see that match the search and filters of a query string.

    They are exactly those the list shows on all its pages; how they are ordered is left open.
    Raises ValidationError when the filter cannot be read: nobody meant all rows by it.
    """
    rows = candidates_of(record_type, params, asking(actor, is_exact=True))
    search = params.get("search", "").strip()
    return _confirmed(rows, seen_as(record_type, actor), search) if search else rows


def candidates_of(
    record_type: RecordType, params: Mapping[str, Any], asked: Asking
) -> QuerySet[Any]:
    """Return the rows as their indexes know them; a search may have a few by chance.

    What the actor may not see of the records cannot be asked for, whoever hands over the type.
    """
    record_type = seen_as(record_type, asked.actor)
    visible = record_type.model._default_manager.visible_to(asked.actor)  # type: ignore[attr-defined]
    rows = record_type.listing.filters(params, queryset=visible).qs
    return by_conditions(rows, record_type, params, asked)


def _confirmed(rows: QuerySet[Any], record_type: RecordType, search: str) -> QuerySet[Any]:
    """Leave out what an index answered by chance: nothing may be changed that nobody saw."""
    search_of = record_type.search
    chance: list[Any] = []
    for part in batched(search_of.reads(rows).iterator(CONFIRMED), CONFIRMED):
        confirmed = {record.pk for record in search_of.confirm(part, search)}
        chance += [record.pk for record in part if record.pk not in confirmed]
    return rows.exclude(pk__in=chance) if chance else rows
