"""Moving records to the trash, back, and out of existence. Each record type's operations call these."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Model
from django.db.models.functions import Now

from core.actors import Actor
from core.events.bus import emit_each
from core.records.models import Record
from core.records.writing import Batch, Refusal, permitted
from crm.history.following import followers
from crm.history.journal import (
    change_set,
    current_change_set_id,
    note_deleted,
    note_restored,
)
from crm.history.key_jobs import destroy_keys
from crm.history.models.change_sets import ChangeSet
from crm.history.models.changes import Change

type Guard = Callable[[Mapping[UUID, Any]], dict[Hashable, Refusal]]
type Release = Callable[[Collection[UUID]], None]


def refuse_nobody(records: Mapping[UUID, Any]) -> dict[Hashable, Refusal]:
    """Guard nothing: any record of the type may go."""
    return {}


def hold_nothing(ids: Collection[UUID]) -> None:
    """Release nothing: no other record of the type points at these."""


@dataclass(frozen=True, slots=True)
class Bin:
    """How records of one type come and go. `guard` says which ones others still need.

    `release` lets go of what would keep a row from being destroyed.
    """

    model: Any
    area: str
    guard: Guard = refuse_nobody
    release: Release = hold_nothing

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    def permission(self, verb: str) -> str:
        return f"{self.area}.{verb}_{self.name}"


def trash[R: Record](bin_: Bin, ids: Iterable[UUID], *, actor: Actor) -> Batch[R]:
    """Move the records to the trash; what belongs to them stays as it is, unseen."""
    ids = list(ids)
    rows = bin_.model._default_manager.visible_to(actor)
    allowed, batch = permitted(_held(rows, ids), bin_.permission("delete"), actor=actor)
    batch.refusals |= bin_.guard(allowed)
    going = {pk: record for pk, record in allowed.items() if pk not in batch.refusals}
    batch.records |= going
    batch.refuse_missing(ids)
    if not going:
        return batch
    with _grouped(ChangeSet.Kind.DELETE, bin_.name, actor, len(going)):
        changed = {"deleted_at": Now(), "deleted_by_id": actor.user_id, "version": F("version") + 1}
        bin_.model._default_manager.filter(pk__in=list(going)).update(**changed)
        note_deleted(bin_.name, going)
        emit_each(f"{bin_.name}.deleted", [(each, {}) for each in going.values()], actor=actor)
    return batch


def restore[R: Record](bin_: Bin, ids: Iterable[UUID], *, actor: Actor) -> Batch[R]:
    """Take the records out of the trash, as they were."""
    ids = list(ids)
    rows = bin_.model._default_manager.in_trash_of(actor)
    allowed, batch = permitted(_held(rows, ids), bin_.permission("delete"), actor=actor)
    batch.records |= allowed
    batch.refuse_missing(ids)
    if not allowed:
        return batch
    changed = {"deleted_at": None, "deleted_by_id": None, "version": F("version") + 1}
    bin_.model._default_manager.filter(pk__in=list(allowed)).update(**changed)
    note_restored(bin_.name, allowed)
    emit_each(f"{bin_.name}.restored", [(each, {}) for each in allowed.values()], actor=actor)
    return batch


def destroy[R: Record](bin_: Bin, ids: Iterable[UUID], *, actor: Actor) -> Batch[R]:
    """Destroy records that lie in the trash, with all that hangs on them and the keys that seal them."""
    ids = list(ids)
    rows = bin_.model._default_manager.in_trash_of(actor)
    allowed, batch = permitted(_held(rows, ids), bin_.permission("destroy"), actor=actor)
    batch.records |= allowed
    batch.refuse_missing(ids)
    if allowed:
        emit_each(f"{bin_.name}.destroyed", [(each, {}) for each in allowed.values()], actor=actor)
        _end(bin_, list(allowed))
    return batch


def _end(bin_: Bin, ids: list[UUID]) -> None:
    for follower in followers():
        follower.destroy(follower.of(bin_.model, ids))
    Change.objects.filter(record_id__in=ids).delete()
    bin_.release(ids)
    bin_.model._default_manager.filter(pk__in=ids).delete()
    destroy_keys.enqueue(record_type=bin_.name, subjects=[str(pk) for pk in ids])


def _held(rows: Any, ids: Collection[UUID]) -> dict[UUID, Any]:
    """Return the rows that are there, held until the transaction ends."""
    held = rows.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk")
    return {row.pk: row for row in held.only("pk", "owner", "version")}


@contextmanager
def _grouped(kind: str, record_type: str, actor: Actor, total: int) -> Iterator[None]:
    """Have what is done in the block be a change set of its own, unless one is being written."""
    if current_change_set_id() is not None:
        yield
        return
    with change_set(kind, record_type=record_type, actor=actor, total=total):
        yield


def in_use(model: type[Model]) -> Any:
    """Return the rows of a model that do not lie in the trash."""
    return model._default_manager.filter(deleted_at=None)
