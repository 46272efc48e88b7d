"""The records changed last, of every type."""

from typing import Any

from core.actors import Actor
from core.records.narrowing import types_viewed_by

SHOWN = 8


def recent_records(actor: Actor) -> list[dict[str, Any]]:
    """Return the records this person may see that changed last, newest first."""
    found: list[tuple[Any, Any]] = []
    for record_type in types_viewed_by(actor):
        visible = record_type.model._default_manager.all().visible_to(actor)  # type: ignore[attr-defined]
        newest = record_type.listing.prepare(visible).order_by("-updated_at", "pk")[:SHOWN]
        found += [(record, record_type) for record in newest]
    found.sort(key=lambda pair: pair[0].updated_at, reverse=True)
    return [{"record": record, "type": record_type} for record, record_type in found[:SHOWN]]
