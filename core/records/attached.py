"""What hangs on a record of any type, such as a note, and is seen by whoever sees the record."""

from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Model, Q

from core.access import can
from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.records.registry import RecordType, record_type_named, record_type_of, record_types


class AttachedQuerySet[R: Model](WorkspaceQuerySet[R]):
    """Reads of what hangs on records."""

    def of(self, record: Model) -> Self:
        """Return what hangs on this record."""
        return self.filter(record_id=record.pk, record_type=record_type_of(type(record)).name)

    def visible_to(self, actor: Actor) -> Self:
        """Return what hangs on records this actor may see."""
        seen = Q(pk__in=[])
        for record_type in record_types():
            if can(actor, record_type.permission("view")):
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


def record_seen_by(actor: Actor, record_type: str, record_id: UUID) -> Any:
    """Return the record if this actor may see it, else None."""
    known = record_type_named(record_type)
    if known is None or not can(actor, known.permission("view")):
        return None
    rows: Any = known.model._default_manager.all()
    return rows.visible_to(actor).filter(pk=record_id).first()
