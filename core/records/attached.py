"""What hangs on a record of any type, such as a note, and is seen by whoever sees the record."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Model, Q

from core.access import can
from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.records.narrowing import types_viewed_by
from core.records.registry import RecordType, record_type_named, record_type_of
from core.records.writing import RecordGone


class AttachedQuerySet[R: Model](WorkspaceQuerySet[R]):
    """Reads of what hangs on records."""

    def of(self, record: Model) -> Self:
        """Return what hangs on this record."""
        return self.filter(record_id=record.pk, record_type=record_type_of(type(record)).name)

    def visible_to(self, actor: Actor) -> Self:
        """Return what hangs on records this actor may see."""
        seen = Q(pk__in=[])
        for record_type in types_viewed_by(actor):
            rows: Any = record_type.model._default_manager.all()
            visible = rows.visible_to(actor).order_by().values("pk")
            seen |= Q(record_type=record_type.name, record_id__in=visible)
        return self.filter(seen)


class Attached(WorkspaceModel):
    """A row that belongs to one record, of whatever type; no foreign key could say so."""

    record_type = models.CharField(max_length=40, editable=False)
    record_id = models.UUIDField(editable=False)

    class Meta:
        abstract = True

    @property
    def sealed_subject(self) -> UUID:
        """Whose key seals what the row says: the record's."""
        return self.record_id

    @property
    def kind(self) -> RecordType:
        """What is registered for the record's type."""
        found = record_type_named(self.record_type)
        if found is None:
            raise LookupError(f"No record type is called {self.record_type}.")
        return found


def attach[R: Attached](row: R, record: Model) -> R:
    """Return the row, hung on this record."""
    row.record_type, row.record_id = record_type_of(type(record)).name, record.pk
    return row


def held[R: Attached](row: R, *, actor: Actor) -> tuple[R, Any]:
    """Return the row, held until the transaction ends, and the record it hangs on.

    RecordGone when the row is gone, or the actor may not see its record.
    """
    rows: Any = type(row)._default_manager.all()
    found = rows.select_for_update(of=("self",)).filter(pk=row.pk).first()
    record = found and record_seen_by(actor, found.record_type, found.record_id)
    if found is None or record is None:
        raise RecordGone
    return found, record


def held_in_use[R: Attached](row: R, *, actor: Actor) -> tuple[R, Any]:
    """Return the same of a row that is not deleted; RecordGone for one that can only be brought back."""
    found: Any
    found, record = held(row, actor=actor)
    if found.deleted_at is not None:
        raise RecordGone
    return found, record


@dataclass(frozen=True, slots=True)
class Seen:
    """A record somebody may see, and its type."""

    record: Any
    record_type: RecordType


def records_seen_by(
    actor: Actor, places: Iterable[tuple[str, UUID]], *, named: bool = False
) -> dict[UUID, Seen]:
    """Return those of the records, given by type and id, the actor may see: a query for each type.

    With `named`, only what they are called is read.
    """
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for name, record_id in places:
        wanted[name].add(record_id)
    found: dict[UUID, Seen] = {}
    for name, ids in wanted.items():
        known = record_type_named(name)
        if known and can(actor, known.permission("view")):
            rows: Any = known.model._default_manager.all()
            rows = rows.visible_to(actor).filter(pk__in=ids)
            for record in rows.only(*rows.model.named_by) if named else rows:
                found[record.pk] = Seen(record, known)
    return found


def record_seen_by(actor: Actor, record_type: str, record_id: UUID) -> Any:
    """Return the record if this actor may see it, else None."""
    seen = records_seen_by(actor, [(record_type, record_id)]).get(record_id)
    return seen.record if seen else None
