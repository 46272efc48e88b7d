"""Writing down what happens to records, as it happens: in the operation's own transaction.

Operations say what they did with `note_edits`, `note_created`, `note_deleted` and `note_restored`.
What runs inside `change_set` or `continuing` belongs to that set and can be taken back in one go.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from compliance.encryption.keyring import ensure_subject_keys
from core.actors import Actor
from core.isolation.scope import IsolationError, current_workspace
from core.records.models import Record
from crm.history.models.change_sets import ChangeSet, Portion
from crm.history.models.changes import Change

PORTION = 500


@dataclass(frozen=True, slots=True)
class Edit:
    """What one record said before and after, in the words its operations take."""

    record: Record
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Place:
    """Which change set is being written, and in which workspace."""

    change_set_id: UUID
    schema: str


_place: ContextVar[_Place | None] = ContextVar("change_set", default=None)


@contextmanager
def change_set(
    kind: str, *, record_type: str, actor: Actor, label: str = "", **more: Any
) -> Iterator[ChangeSet]:
    """Begin a change set, have all that is written in the block belong to it, and finish it.

    To be used in one transaction. Work that takes several begins with `begin_change_set`, goes on
    with `continuing` in each of them, and ends with `finish_change_set`.
    """
    the_set = begin_change_set(kind, record_type=record_type, actor=actor, label=label, **more)
    with continuing(the_set.pk):
        yield the_set
    finish_change_set(the_set)


def begin_change_set(
    kind: str, *, record_type: str, actor: Actor, label: str = "", **more: Any
) -> ChangeSet:
    """Return a new change set in this actor's name."""
    the_set = ChangeSet(
        kind=kind,
        record_type=record_type,
        label=label,
        owner_id=actor.user_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        **more,
    )
    the_set.save(force_insert=True)
    return the_set


@contextmanager
def continuing(change_set_id: UUID) -> Iterator[None]:
    """Have all that is written in the block belong to a change set that was begun before."""
    token = _place.set(_Place(change_set_id, current_workspace().schema))
    try:
        yield
    finally:
        _place.reset(token)


def finish_change_set(the_set: ChangeSet) -> None:
    """Say that the change set is complete; until then it cannot be taken back."""
    done = ChangeSet.objects.filter(pk=the_set.pk, state=ChangeSet.State.RUNNING)
    done.update(state=ChangeSet.State.DONE, finished_at=Now(), updated_at=Now(), plan=None)


def current_change_set_id() -> UUID | None:
    """Return the change set that is being written here, if there is one."""
    place = _place.get()
    if place is None:
        return None
    if place.schema != current_workspace().schema:
        raise IsolationError(f"A change set of {place.schema} was open in another workspace.")
    return place.change_set_id


def note_edits(record_type: str, edits: Sequence[Edit], *, actor: Actor) -> None:
    """Write down what changed on each record, sealed under the record's own key."""
    if not edits:
        return
    set_id = current_change_set_id()
    ensure_subject_keys(edit.record.pk for edit in edits)
    rows = [
        Change.fresh(
            change_set_id=set_id,
            record_type=record_type,
            record_id=edit.record.pk,
            version=edit.record.version,
            fields=sorted(edit.after),
            before=dict(edit.before),
            after=dict(edit.after),
            actor_id=actor.id,
            actor_label=actor.label,
        )
        for edit in edits
    ]
    Change.objects.bulk_create(rows)
    if set_id is not None:
        _count(set_id, updated=len(rows))


def note_created(record_type: str, ids: Iterable[UUID]) -> None:
    """Write down, as arrays of ids, which records a change set made."""
    _note(Portion.Role.CREATED, record_type, ids, "created")


def note_deleted(record_type: str, ids: Iterable[UUID]) -> None:
    """Write down which records a change set moved to the trash."""
    _note(Portion.Role.DELETED, record_type, ids, "deleted")


def note_restored(record_type: str, ids: Iterable[UUID]) -> None:
    """Write down which records a change set took out of the trash."""
    _note(Portion.Role.RESTORED, record_type, ids, "restored")


def _note(role: str, record_type: str, ids: Iterable[UUID], counter: str) -> None:
    set_id = current_change_set_id()
    ids = list(ids)
    if set_id is None or not ids:
        return
    Portion.objects.bulk_create(
        Portion(change_set_id=set_id, role=role, record_type=record_type, ids=list(part))
        for part in batched(ids, PORTION)
    )
    _count(set_id, **{counter: len(ids)})


def _count(set_id: UUID, **more: int) -> None:
    counts = {name: F(name) + number for name, number in more.items()}
    ChangeSet.objects.filter(pk=set_id).update(updated_at=Now(), **counts)
