"""Mappings people made before: those they saved under a name, and those of earlier imports."""

from collections.abc import Iterable

from core.actors import Actor
from crm.transfer.mapping.columns import Mapping
from crm.transfer.mapping.guessing import folded
from crm.transfer.models import Import, SavedMapping

# So many earlier imports are looked at; older ones say little of what is meant today.
IMPORTS_REMEMBERED = 20
_BETWEEN = "\x1f"


def columns_text(names: Iterable[str]) -> str:
    """Return the columns as one text, the same for the same columns in the same order."""
    return _BETWEEN.join(map(folded, names))


def saved_for(record_type: str, names: Iterable[str]) -> SavedMapping | None:
    """Return the mapping last saved for exactly these columns, or None."""
    rows = SavedMapping.objects.filter(record_type=record_type)
    found: SavedMapping | None = (
        rows.where(columns=columns_text(names)).order_by("-created_at", "-pk").first()
    )
    return found


def past_fields(record_type: str, actor: Actor) -> dict[str, str]:
    """Return the field each column went into in earlier imports, by its folded name; the latest counts."""
    done = (Import.State.RUNNING, Import.State.FINISHED)
    rows = Import.objects.visible_to(actor).filter(record_type=record_type, state__in=done)
    earlier = rows.order_by("-created_at", "-pk").only("mapping", "created_at")[:IMPORTS_REMEMBERED]
    found: dict[str, str] = {}
    for each in earlier:
        for column in Mapping.from_json(each.mapping).columns:
            if column.field:
                found.setdefault(folded(column.name), column.field)
    return found
