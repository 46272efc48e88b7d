"""The order a member gives to what they keep at hand, though it is of several kinds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

# Where something stands that nobody has put anywhere yet: after all that has a place.
UNPLACED = 1_000_000


def give_places(rows: Sequence[Any], ids: Iterable[UUID], named: Callable[[Any], UUID]) -> None:
    """Set the position of each row to the place of its id; those not named come last, as they were."""
    wanted = {pk: place for place, pk in enumerate(ids)}
    last = len(wanted)
    for row in sorted(rows, key=lambda each: each.position):
        place = wanted.get(named(row))
        row.position = last if place is None else place
        last += place is None


def moved(ids: Sequence[UUID], said: Mapping[str, str]) -> list[UUID]:
    """Return the ids as they stand after the button that was pressed moved one `up` or `down`."""
    found = [*ids]
    for name, step in (("up", -1), ("down", 1)):
        at = next((at for at, pk in enumerate(found) if str(pk) == said.get(name)), None)
        if at is not None and 0 <= at + step < len(found):
            found[at], found[at + step] = found[at + step], found[at]
    return found
