"""Which records of a change set somebody takes back: those within their scopes now, or before it was made.

Who gave records away may take that back, although they are not theirs any more. What was never
theirs stays, whatever they could do when the change set was made: a scope never widens.
"""

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, Subquery

from core.actors import Actor
from core.records.registry import RecordType, record_types
from core.records.writing import Batch
from crm.history.models.change_sets import ChangeSet, Portion
from crm.history.models.changes import Change
from crm.history.models.merges import MergedRecord

Role = Portion.Role
# What taking back does to a record, as its operations ask for it.
VERBS: Mapping[str, tuple[str, ...]] = {
    Role.REVERT: ("view", "change"),
    Role.DISCARD: ("view", "delete"),
    Role.BRING_BACK: ("view", "delete"),
    Role.UNMERGE: ("view", "change", "delete"),
}
type Take = Callable[[ChangeSet, RecordType, list[UUID], Actor], Batch[Any]]


def reaches_everything(actor: Actor) -> bool:
    """Return whether the actor may take back what was done to any record of any type."""
    asked = {kind.permission(verb) for kind in record_types() for verb in VERBS[Role.UNMERGE]}
    return asked <= actor.permissions and asked.isdisjoint(actor.scopes)


def of_reached(role: str) -> Callable[[Take], Take]:
    """Have a function that takes back get only the records within reach; the others are refused."""

    def decorate(take: Take) -> Take:
        @wraps(take)
        def within_reach(
            undo: ChangeSet, record_type: RecordType, ids: list[UUID], actor: Actor
        ) -> Batch[Any]:
            mine = reached(undo.undoes_id, role, record_type, ids, actor)
            batch = take(undo, record_type, [pk for pk in ids if pk in mine], actor)
            batch.refusals |= {pk: PermissionDenied() for pk in ids if pk not in mine}
            return batch

        return within_reach

    return decorate


def reached(
    change_set_id: UUID | None,
    role: str,
    record_type: RecordType,
    ids: Collection[UUID],
    actor: Actor,
) -> set[UUID]:
    """Return those of the records the actor reaches now, or reached before the change set was made."""
    verbs = {verb: record_type.permission(verb) for verb in VERBS[role]}
    if not actor.permissions.issuperset(verbs.values()):
        return set()
    owners = {verb: actor.owners(name) for verb, name in verbs.items() if name in actor.scopes}
    if not owners:
        return set(ids)
    rows: Any = record_type.model._default_manager.all()
    places = _survivors(ids) if role == Role.UNMERGE else {pk: pk for pk in ids}
    there = rows.filter(pk__in=places.values())
    now = {verb: set(there.within(actor, verb).values_list("pk", flat=True)) for verb in owners}
    beyond = [pk for pk in ids if any(places.get(pk) not in seen for seen in now.values())]
    former = _merged_owners(beyond) if role == Role.UNMERGE else _former(change_set_id, beyond)
    return {
        pk
        for pk in ids
        if all(
            places.get(pk) in now[verb] or former.get(pk) in (own or ())
            for verb, own in owners.items()
        )
    }


def _former(change_set_id: Any, ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """Return whose the records were before the change set, as far as they changed hands since."""
    began = ChangeSet.objects.filter(pk=change_set_id).values("created_at")
    since = Q(change_set=change_set_id) | Q(created_at__gte=Subquery(began))
    changes = Change.objects.filter(since, record_id__in=ids, fields__contains=["owner"])
    found: dict[UUID, UUID | None] = {}
    for change in changes.order_by("record_id", "version", "pk"):
        found.setdefault(change.record_id, _as_id(change.before["owner"]))
    return found


def _survivors(ids: Collection[UUID]) -> dict[UUID, UUID]:
    return dict(MergedRecord.objects.filter(pk__in=ids).values_list("pk", "survivor_id"))


def _merged_owners(ids: Collection[UUID]) -> dict[UUID, UUID | None]:
    """Return whose the records were that became part of others."""
    merged = MergedRecord.objects.filter(pk__in=ids, snapshot__isnull=False)
    return {each.pk: _as_id(each.snapshot["said"]["owner"]) for each in merged}


def _as_id(said: Any) -> UUID | None:
    return UUID(str(said)) if said else None
