"""Search over every record type at once, for the command menu and the search page."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Model

from core.access import can
from core.actors import Actor
from core.records.registry import RecordType, record_types

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Findings:
    """What one record type has for a query: the best first, and whether there is more."""

    record_type: RecordType
    records: list[Any]
    has_more: bool


def find_everywhere(query: str, *, actor: Actor, shown: int = SHOWN) -> list[Findings]:
    """Return what the actor may see, grouped by type; types without a match are left out."""
    if not query.strip():
        return []
    groups = (
        _find(record_type, query, actor, shown)
        for record_type in record_types()
        if can(actor, record_type.permission("view"))
    )
    return [group for group in groups if group.records]


def _find(record_type: RecordType, query: str, actor: Actor, shown: int) -> Findings:
    records = list(islice(_confirmed(record_type, query, actor), shown + 1))
    return Findings(record_type, records[:shown], len(records) > shown)


def _confirmed(record_type: RecordType, query: str, actor: Actor) -> Iterator[Model]:
    """Yield what the index answers and a second look confirms; more candidates than shown are read."""
    visible = record_type.model._default_manager.all().visible_to(actor)  # type: ignore[attr-defined]
    found = record_type.search.find(record_type.listing.prepare(visible), query)
    candidates = found.order_by("-updated_at", "pk")[: 4 * SHOWN]
    return (record for record in candidates if record_type.search.confirm(record, query))
