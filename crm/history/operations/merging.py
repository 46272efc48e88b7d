"""Making one record of several."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from core.records.narrowing import seen_as
from core.records.registry import RecordType
from core.records.writing import RecordGone
from crm.history.choices import Choices, merged_values
from crm.history.journal import change_set
from crm.history.key_jobs import destroy_keys
from crm.history.merging import KEPT, pass_on
from crm.history.models.change_sets import ChangeSet
from crm.history.models.merges import MergedRecord

FEWEST, MOST = 2, 5


class WrongNumber(OperationError):
    """Too few or too many records to look at side by side."""

    code = "merge_wrong_number"
    message = _("Choose two to five records to merge.")
    status = 400


class FieldsMissing(OperationError):
    """One record of two says what both said, so nobody makes it who may not see or change all of it."""

    code = "merge_needs_all_fields"
    message = _("Only somebody who may see and change every field can merge these records.")
    status = 403


@transaction.atomic
def merge_records(
    record_type: RecordType,
    *,
    survivor: UUID,
    others: Collection[UUID],
    choices: Choices,
    actor: Actor,
) -> tuple[Any, ChangeSet]:
    """Return the record that stays, with what was chosen of each and all that belonged to the others.

    The others' values are sealed under its key from now on, and their own keys are destroyed.
    """
    if not seen_as(record_type, actor).is_whole:
        raise FieldsMissing
    losers = [pk for pk in dict.fromkeys(others) if pk != survivor]
    if not FEWEST <= len(losers) + 1 <= MOST:
        raise WrongNumber
    records = _held(record_type, survivor, losers, actor)
    many = record_type.operations.many
    said = {pk: many.says(record, many.names) for pk, record in records.items()}
    values = merged_values(record_type, survivor, said, choices)
    kind = ChangeSet.Kind.MERGE
    with change_set(kind, record_type=record_type.name, actor=actor, total=len(records)) as the_set:
        merged = [
            _pass_on(record_type, records[pk], said[pk], records[survivor], the_set, actor)
            for pk in losers
        ]
        # Before the others go: it may have belonged to one of them.
        many.update({survivor: values}, actor=actor).only()
        record_type.model._default_manager.filter(pk__in=losers).delete()
        MergedRecord.objects.bulk_create(merged)
    ids = [str(pk) for pk in losers]
    emit(f"{record_type.name}.merged", records[survivor], actor=actor, merged=ids)
    destroy_keys.enqueue(record_type=record_type.name, subjects=ids)
    return records[survivor], the_set


def _held(
    record_type: RecordType, survivor: UUID, losers: Sequence[UUID], actor: Actor
) -> dict[UUID, Any]:
    """Return the records with all they say, held; RecordGone when one is not there for the actor."""
    rows: Any = record_type.model._default_manager.all()
    ids = [survivor, *losers]
    held = set(rows.change_visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    if held != set(ids):
        raise RecordGone
    records = {each.pk: each for each in record_type.page.prepare(rows.filter(pk__in=ids))}
    for pk, record in records.items():
        authorize(actor, record_type.permission("change"), record)
        if pk != survivor:
            authorize(actor, record_type.permission("delete"), record)
    return {pk: records[pk] for pk in ids}


def _pass_on(
    record_type: RecordType,
    record: Any,
    said: Mapping[str, Any],
    survivor: Any,
    the_set: ChangeSet,
    actor: Actor,
) -> MergedRecord:
    # In full: what JSON would make of times leaves their microseconds out.
    kept = {name: record._meta.get_field(name).value_to_string(record) for name in KEPT}
    passing = pass_on(record_type, record.pk, survivor, actor)
    return MergedRecord(
        pk=record.pk,
        record_type=record_type.name,
        survivor_id=survivor.pk,
        change_set=the_set,
        snapshot={"said": dict(said), "kept": kept, **passing.as_json()},
    )
