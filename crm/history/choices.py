"""Which value a merged record gets: one of them, or all of them together."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.records.registry import RecordType

type Choices = Mapping[str, UUID | str]
# Said instead of a record: the values of all of them, joined.
ALL = "all"


def merged_values(
    record_type: RecordType,
    survivor: UUID,
    said: Mapping[UUID, Mapping[str, Any]],
    choices: Choices,
) -> dict[str, Any]:
    """Return the values of the record that stays, in the words its operations take.

    What nobody chose is joined where it is a list; else it is the survivor's own, or the first
    there is when the survivor has none.
    """
    merging = record_type.operations.merging
    order = [survivor, *(pk for pk in said if pk != survivor)]
    values: dict[str, Any] = {}
    for name in record_type.operations.many.names:
        chosen = choices.get(name, ALL if name in merging.united else None)
        offered = [said[pk][name] for pk in order]
        if chosen == ALL and name in merging.united:
            values[name] = joined(offered, merging.united[name])
        elif chosen in said:
            values[name] = said[chosen][name]  # type: ignore[index]
        else:
            values[name] = next((each for each in offered if not is_nothing(each)), offered[0])
    for name in merging.parents:
        values[name] = _parent_outside(name, survivor, values[name], said)
    return values


def is_nothing(value: Any) -> bool:
    """Return whether this says nothing; a number or a no says something."""
    return value is None or value == "" or value == []


def joined(lists: Sequence[Sequence[Any]], identity: str) -> list[Any]:
    """Return the rows of all lists, each thing once; the first primary one stays primary."""
    found: dict[Any, Any] = {}
    for row in (row for rows in lists for row in rows):
        found.setdefault(_key(row, identity), row)
    rows = list(found.values())
    primary = next((row for row in rows if isinstance(row, Mapping) and row.get("primary")), None)
    return [{**row, "primary": row is primary} if isinstance(row, Mapping) else row for row in rows]


def _key(row: Any, identity: str) -> Any:
    if not isinstance(row, Mapping):
        return row
    if identity:
        return str(row[identity]).casefold()
    return tuple((name, said) for name, said in row.items() if name not in ("primary", "label"))


def _parent_outside(
    name: str, survivor: UUID, value: Any, said: Mapping[UUID, Mapping[str, Any]]
) -> Any:
    """Nobody becomes their own parent: one of the merged records is followed to its own parent."""
    inside = {str(pk): pk for pk in said}
    seen: set[str] = set()
    while value is not None and str(value) in inside:
        if str(value) in seen or inside[str(value)] == survivor:
            return None
        seen.add(str(value))
        value = said[inside[str(value)]][name]
    return value
