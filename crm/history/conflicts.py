"""Two people at one record: what one wrote relative to an older version, and what others did since."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.errors import OperationError
from core.field_rights import FieldRight, mask
from core.records.models import Record
from core.records.writing import Batch
from crm.history.models.changes import Change

# For those who write whatever the record has become.
NO_VERSIONS: Mapping[UUID, int] = MappingProxyType({})

type Row = Mapping[str, Any]
type Says = Callable[[Any, Row], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Clash:
    """A field two people changed: what it was, what it is by whom and since when, and what was wanted.

    With a reason nobody else changed it, but what was wanted cannot be written any more.
    """

    field: str
    base: Any
    theirs: Any
    mine: Any
    who: str
    at: datetime
    version: int
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        said = {
            "field": self.field,
            "base": self.base,
            "theirs": self.theirs,
            "mine": self.mine,
            "changed_by": self.who,
            "changed_at": self.at.isoformat(),
        }
        return said | {"reason": self.reason} if self.reason else said


def narrowed_clashes(clashes: Iterable[Clash], rights: Mapping[str, FieldRight]) -> list[Clash]:
    """Return the clashes without those of hidden fields, and with masks on what masked ones say."""
    told = []
    for each in clashes:
        right = rights.get(each.field)
        if right == FieldRight.MASKED:
            base, theirs, mine = map(mask, (each.base, each.theirs, each.mine))
            told.append(replace(each, base=base, theirs=theirs, mine=mine))
        elif right != FieldRight.HIDDEN:
            told.append(each)
    return told


class EditConflict(OperationError):
    """Somebody else changed the same field since the version the change is relative to."""

    code = "edit_conflict"
    message = _("Somebody else changed this meanwhile.")

    def __init__(self, clashes: Collection[Clash], *, version: int) -> None:
        super().__init__()
        self.clashes = list(clashes)
        # Whoever decides for their own value says so by naming this version.
        self.version = version
        self.details = {"version": version, "conflicts": [each.as_json() for each in clashes]}


def rebase[R: Record](
    rows: Mapping[UUID, tuple[R, Row]], versions: Mapping[UUID, int], says: Says, batch: Batch[R]
) -> dict[UUID, tuple[R, Row]]:
    """Return the rows to write, relative to what the records are now.

    A row is relative to the version it names. What it says of a field as that version had it was
    not touched by its author, and whatever others made of the field stays. A field both changed,
    to different values, refuses the row.
    """
    stale = {
        pk: versions[pk]
        for pk, (record, _row) in rows.items()
        if pk in versions and versions[pk] < record.version
    }
    if not stale:
        return dict(rows)
    since = changes_since(stale)
    rebased: dict[UUID, tuple[R, Row]] = {}
    for pk, (record, row) in rows.items():
        untouched, clashes = _compare(record, row, since.get(pk, []), says)
        if clashes:
            batch.refusals[pk] = EditConflict(clashes, version=record.version)
        else:
            kept = {name: value for name, value in row.items() if name not in untouched}
            rebased[pk] = (record, kept)
    return rebased


def changes_since(versions: Mapping[UUID, int]) -> dict[UUID, list[Change]]:
    """Return what was done to each record after this version of it, in order."""
    wanted = Q(pk__in=[])
    for pk, version in versions.items():
        wanted |= Q(record_id=pk, version__gt=version)
    found: dict[UUID, list[Change]] = defaultdict(list)
    for change in Change.objects.filter(wanted).order_by("record_id", "version"):
        found[change.record_id].append(change)
    return found


def _compare(
    record: Record, row: Row, since: Iterable[Change], says: Says
) -> tuple[set[str], list[Clash]]:
    """Return which of the row's fields its author did not touch, and which both sides changed."""
    first: dict[str, Change] = {}
    last: dict[str, Change] = {}
    for change in since:
        for name in row.keys() & set(change.fields):
            first.setdefault(name, change)
            last[name] = change
    if not last:
        return set(), []
    try:
        # On a copy: reading sets the values, and the record must stay what it is.
        mine = says(copy(record), row)
    except ValidationError:
        return set(), []  # refused with its reasons when it is read to be written
    untouched: set[str] = set()
    clashes: list[Clash] = []
    for name, change in last.items():
        base, theirs = first[name].before[name], change.after[name]
        if mine[name] == base:
            untouched.add(name)
        elif mine[name] != theirs:
            who, at = change.actor_label, change.created_at
            clashes.append(Clash(name, base, theirs, mine[name], who, at, change.version))
    return untouched, clashes
