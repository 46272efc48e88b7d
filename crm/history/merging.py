"""Making one record of several, and several of one again: rows, keys and what hangs on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from compliance.encryption.erasure import revive_subject
from compliance.encryption.records import reseal
from core.access import can
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from core.isolation.scope import current_workspace
from core.records.models import Record
from core.records.operating import RelatedRows
from core.records.registry import RecordType
from core.records.writing import Batch, RecordGone
from crm.history.following import follower_named, followers
from crm.history.key_jobs import take_turns_with_keys
from crm.history.models.changes import Change
from crm.history.models.merges import MergedRecord

# Columns a record comes back with that its operations do not take.
KEPT = ("created_at", "updated_at", "version")


@dataclass(slots=True)
class Passing:
    """What passes from one record to the one it becomes part of, by ids, so that it can go back."""

    moved: dict[str, list[str]]
    lost: dict[str, list[dict[str, Any]]]
    promoted: dict[str, list[str]]
    followed: dict[str, list[str]]
    chained: list[str]

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def pass_on(record_type: RecordType, source: UUID, survivor: Record, actor: Actor) -> Passing:
    """Move everything that belongs to one record to another, sealed under the other's key.

    What gives others rights to the record goes along only where the actor may give them.
    """
    target, passing = survivor.pk, Passing({}, {}, {}, {}, [])
    for related in record_type.operations.merging.related:
        _pass_related(related, source, target, passing)
    for follower in followers():
        rows = follower.free_to_move(record_type.model, source, target)
        if follower.needs and not can(actor, record_type.permission(follower.needs), survivor):
            rows = rows.none()
        passing.followed[follower.model._meta.label] = _texts(follower.move(rows, target))
    _reseal_changes(Change.objects.filter(record_id=source), subject=target)
    passing.chained = _chain(MergedRecord.objects.filter(survivor_id=source), target)
    return passing


def _texts(ids: Iterable[Any]) -> list[str]:
    return [str(each) for each in ids]


def _pass_related(related: RelatedRows, source: UUID, target: UUID, passing: Passing) -> None:
    rows = related.model._default_manager.filter(**{related.field: source}).order_by("pk")
    held = list(rows.select_for_update(of=("self",)))
    taken = _taken(related, target)
    staying = [row for row in held if taken and getattr(row, related.once_per) in taken]
    moving = [row.pk for row in held if row not in staying and row.pk != target]
    related.model._default_manager.filter(pk__in=moving).update(**{related.field: target})
    passing.moved[related.label] = _texts(moving)
    passing.lost[related.label] = [_columns(row) for row in staying]
    if related.primary:
        passing.promoted[related.label] = _promote(related, staying, target)


def _taken(related: RelatedRows, target: UUID) -> set[Any]:
    if not related.once_per:
        return set()
    rows = related.model._default_manager.filter(**{related.field: target})
    return set(rows.values_list(related.once_per, flat=True))


def _columns(row: Any) -> dict[str, Any]:
    return {field.attname: field.value_to_string(row) if getattr(row, field.attname) is not None else None
            for field in row._meta.concrete_fields}  # fmt: skip


def _promote(related: RelatedRows, lost: Sequence[Any], target: UUID) -> list[str]:
    """Make primary what stands for a primary row that goes."""
    owners = [getattr(row, related.once_per) for row in lost if getattr(row, related.primary)]
    for row in lost:
        row.delete()
    rows = related.model._default_manager.filter(
        **{related.field: target, f"{related.once_per}__in": owners}
    )
    ids = list(rows.values_list("pk", flat=True))
    related.model._default_manager.filter(pk__in=ids).update(**{related.primary: True})
    return _texts(ids)


def _reseal_changes(rows: Any, *, subject: UUID | None) -> None:
    held = list(rows)
    for change in held:
        change.subject_id = subject
    rows.update(subject_id=subject)
    reseal(held)


def _chain(rows: Any, target: UUID) -> list[str]:
    """Let records that were merged into one lead on to the one it becomes part of."""
    held = list(rows)
    for merged in held:
        merged.survivor_id = target
    MergedRecord.objects.filter(pk__in=[each.pk for each in held]).update(survivor_id=target)
    reseal([each for each in held if each.snapshot is not None])
    return _texts(each.pk for each in held)


class MergeGone(OperationError):
    """What the record was is not known any more."""

    code = "merge_gone"
    message = RecordGone.message
    status = 409


def unmerge_records(record_type: RecordType, ids: Sequence[UUID], *, actor: Actor) -> Batch[Any]:
    """Make the merged records again, with the same ids and new keys, and give them back what was theirs."""
    batch: Batch[Any] = Batch()
    said: dict[UUID, Mapping[str, Any]] = {}
    take_turns_with_keys()
    for merged in MergedRecord.objects.filter(pk__in=ids).select_for_update(of=("self",)):
        try:
            with transaction.atomic():
                pk, snapshot = merged.pk, merged.snapshot
                batch.records[pk] = _unmerge(record_type, merged, actor)
                batch.changed[pk], said[pk] = [], snapshot["said"]
        except OperationError as refusal:
            batch.refusals[merged.pk] = refusal
    _give_parents_back(record_type, said)
    return batch


def _give_parents_back(record_type: RecordType, said: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Once all are there again: one of them may belong to another."""
    rows = record_type.model._default_manager
    for pk, values in said.items():
        for name in record_type.operations.merging.parents:
            if values[name] and rows.filter(pk=values[name]).exists():
                rows.filter(pk=pk).update(**{name: values[name]})


def _unmerge(record_type: RecordType, merged: MergedRecord, actor: Actor) -> Any:
    snapshot = merged.snapshot
    if not isinstance(snapshot, Mapping):
        raise MergeGone
    revive_subject(current_workspace().id, merged.pk)
    merging = record_type.operations.merging
    said = {name: each for name, each in snapshot["said"].items() if name not in merging.parents}
    # Whose owner has left becomes the record of whoever takes it apart.
    lost = record_type.operations.many.lost({merged.pk: said}, actor=actor).get(merged.pk, {})
    said = {name: each for name, each in said.items() if name not in lost}
    record = merging.revive({merged.pk: said}, actor=actor).only()
    kept = {name: snapshot["kept"][name] for name in KEPT}
    record_type.model._default_manager.filter(pk=merged.pk).update(**kept)
    for related in merging.related:
        _give_back(related, merged, snapshot)
    for label, ids in snapshot["followed"].items():
        if follower := follower_named(label):
            rows = follower.of(record_type.model, [merged.survivor_id]).filter(pk__in=ids)
            follower.move(rows, merged.pk)
    _reseal_changes(Change.objects.filter(record_id=merged.pk), subject=None)
    _chain(MergedRecord.objects.filter(pk__in=snapshot["chained"]), merged.pk)
    merged.delete()
    emit(f"{record_type.name}.unmerged", record, actor=actor)
    return record


def _give_back(related: RelatedRows, merged: MergedRecord, snapshot: Mapping[str, Any]) -> None:
    rows = related.model._default_manager.filter(pk__in=snapshot["moved"].get(related.label, ()))
    rows.filter(**{related.field: merged.survivor_id}).update(**{related.field: merged.pk})
    if related.primary:
        promoted = snapshot["promoted"].get(related.label, ())
        demoted = related.model._default_manager.filter(pk__in=promoted)
        demoted.update(**{related.primary: False})
    for columns in snapshot["lost"].get(related.label, ()):
        _put_back(related, columns)


def _put_back(related: RelatedRows, columns: Mapping[str, Any]) -> None:
    fields = {field.attname: field for field in related.model._meta.concrete_fields}
    row = related.model(**{name: fields[name].to_python(said) for name, said in columns.items()})
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Whom it was about is gone, or has another one meanwhile: nothing to give back.
        return


class RecordMerged(OperationError):
    """The record became part of another one, where everything of it is now."""

    code = "merged"
    message = _("This record was merged into another one.")
    status = 410

    def __init__(self, survivor: UUID) -> None:
        super().__init__()
        self.details = {"merged_into": str(survivor)}


def survivor_of(record_type: RecordType, pk: UUID, actor: Actor) -> Any:
    """Return the record that one merged away became part of, if this actor may see it, else None."""
    merged = MergedRecord.objects.filter(pk=pk, record_type=record_type.name).first()
    if merged is None:
        return None
    rows: Any = record_type.model._default_manager.all()
    return rows.visible_to(actor).filter(pk=merged.survivor_id).first()
