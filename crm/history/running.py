"""Carrying a change set out: portion after portion, each in its own transaction, from where it stopped."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.acting import acting_again
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from core.records.narrowing import seen_as
from core.records.registry import RecordType, record_type_named
from core.records.writing import Batch, RecordInUse, Refusal
from crm.history import undoing
from crm.history.choosing import Chosen
from crm.history.journal import continuing, finish_change_set
from crm.history.models.change_sets import ChangeSet, Portion
from crm.history.orders import ACTIONS, Order

# So many are dealt with while the person waits; more are a job.
AT_ONCE = 100
PORTION = 500
# A company and what belongs to it may be in different portions: those refused for it come again.
ATTEMPTS = 5
HANDED_OVER = "hand_over"
Role = Portion.Role
type Work = Callable[[ChangeSet, RecordType, list[UUID], Actor], Batch[Any]]


class UnknownType(LookupError):
    """The change set is about a record type that is not registered any more."""


def carry_on(pk: UUID) -> None:
    """Do what is left of the change set. Whoever else works on it takes the portions between these."""
    while _step(pk):
        continue


@transaction.atomic
def _step(pk: UUID) -> bool:
    """Do the next portion; return whether there may be another one."""
    the_set = ChangeSet.objects.select_related("owner__role").select_for_update(of=("self",))
    held = the_set.get(pk=pk)
    if not held.is_running:
        return False
    with override(held.owner.language if held.owner else None):
        return _take_next(held)


def _take_next(the_set: ChangeSet) -> bool:
    actor = _actor_of(the_set)
    if actor is None:
        _stop(the_set)
        return False
    if the_set.plan is not None and not the_set.plan.get("is_collected"):
        _collect(the_set, actor)
        return True
    portion = the_set.portions.filter(number=the_set.cursor + 1).first()
    if portion is None:
        _finish(the_set, actor)
        return False
    _take(the_set, portion, actor)
    return True


def _actor_of(the_set: ChangeSet) -> Actor | None:
    """Whoever began may have left meanwhile, or may do less than they could."""
    # Who may let a member go hands over what was theirs, whatever they may do with it themselves.
    needed = map(type_of(the_set).permission, ("view", "change"))
    owner = the_set.owner
    if owner is None and the_set.actor_kind == "system" and the_set.action == HANDED_OVER:
        return Actor.system(the_set.actor_label, *needed)
    if owner is None or not owner.is_active:
        return None
    key_id = the_set.actor_id if the_set.actor_kind == "api_key" else None
    actor = acting_again(owner.as_actor(), key_id)
    if actor is None or the_set.action != HANDED_OVER:
        return actor
    return replace(actor, permissions=actor.permissions | {*needed}, scopes={})


def _stop(the_set: ChangeSet) -> None:
    the_set.state = ChangeSet.State.FAILED
    the_set.save(update_fields=["state", "updated_at"])


def _collect(the_set: ChangeSet, actor: Actor) -> None:
    """Write down which records it is about, as they are now, before the first of them changes."""
    plan = dict(the_set.plan)
    if the_set.kind == ChangeSet.Kind.UNDO:
        found = undoing.portions_of(the_set.undoes, PORTION)
    else:
        chosen = Chosen(tuple(UUID(pk) for pk in plan["ids"]), plan["query"])
        kind = type_of(the_set)
        parts = chosen.portions(kind, actor, PORTION)
        found = ((Role.CHOSEN.value, kind.name, part) for part in parts)
    total = 0
    for number, (role, name, ids) in enumerate(found, 1):
        total += len(ids)
        portion = Portion(change_set=the_set, role=role, record_type=name, number=number, ids=ids)
        portion.save(force_insert=True)
    the_set.plan, the_set.total = plan | {"is_collected": True, "ids": [], "query": None}, total
    the_set.save(update_fields=["plan", "total", "updated_at"])


def type_of(the_set: ChangeSet) -> RecordType:
    """Return the record type the change set is about."""
    return _known(the_set.record_type)


def _known(name: str) -> RecordType:
    record_type = record_type_named(name)
    if record_type is None:
        raise UnknownType(name)
    return record_type


def _take(the_set: ChangeSet, portion: Portion, actor: Actor) -> None:
    record_type = seen_as(_known(portion.record_type), actor)
    work = WORK[Role(portion.role)]
    with continuing(the_set.pk):
        batch = carefully(lambda ids: work(the_set, record_type, ids, actor), list(portion.ids))
    waiting = _let_wait(the_set, portion, batch)
    refusals = {pk: refusal for pk, refusal in batch.refusals.items() if pk not in waiting}
    portion.refused = told(refusals) or None
    portion.save(update_fields=["refused"])
    unchanged = len(portion.ids) - len(batch.changed) - len(batch.refusals)
    ChangeSet.objects.filter(pk=the_set.pk).update(
        cursor=portion.number,
        refused=F("refused") + len(refusals),
        unchanged=F("unchanged") + max(0, unchanged),
        updated_at=Now(),
    )


def _let_wait(the_set: ChangeSet, portion: Portion, batch: Batch[Any]) -> set[UUID]:
    """Put off those that others need, which may go later; return which they are."""
    needed = [pk for pk in portion.ids if isinstance(batch.refusals.get(pk), RecordInUse)]
    others_follow = the_set.portions.filter(number__gt=portion.number).exists()
    may_help = len(needed) < len(portion.ids) or others_follow
    if not needed or not may_help or portion.attempt >= ATTEMPTS:
        return set()
    last = the_set.portions.order_by("-number").values_list("number", flat=True)[0]
    Portion(
        change_set=the_set,
        role=portion.role,
        record_type=portion.record_type,
        number=last + 1,
        attempt=portion.attempt + 1,
        ids=needed,
    ).save(force_insert=True)
    return set(needed)


def _finish(the_set: ChangeSet, actor: Actor) -> None:
    if the_set.kind == ChangeSet.Kind.UNDO and the_set.undoes is not None:
        done = {"state": ChangeSet.State.UNDONE, "undone_at": Now(), "undone_by": the_set.owner}
        ChangeSet.objects.filter(pk=the_set.undoes.pk).update(**done)
    finish_change_set(the_set)
    if the_set.total > AT_ONCE:
        counts = {name: getattr(the_set, name) for name in ChangeSet.counted}
        name = "change_set.finished"
        emit(name, the_set, actor=actor, kind=the_set.kind, type=the_set.record_type, **counts)


def _chosen(
    the_set: ChangeSet, record_type: RecordType, ids: list[UUID], actor: Actor
) -> Batch[Any]:
    order = Order.from_json((the_set.plan or {})["order"])
    batch = ACTIONS[order.action].write(record_type, ids, order, actor)
    if order.action == "delete":
        batch.changed = {pk: [] for pk in batch.records}
    return batch


WORK: dict[Portion.Role, Work] = {
    Role.CHOSEN: _chosen,
    Role.REVERT: undoing.revert,
    Role.DISCARD: undoing.discard,
    Role.BRING_BACK: undoing.bring_back,
    Role.UNMERGE: undoing.unmerge,
}


def carefully(write: Callable[[list[UUID]], Batch[Any]], ids: list[UUID]) -> Batch[Any]:
    """Write all at once; when one record spoils it for the others, find that one by halving."""
    try:
        with transaction.atomic():
            return write(ids)
    except (ValidationError, OperationError, PermissionDenied) as refusal:
        if len(ids) == 1:
            return Batch(refusals={ids[0]: refusal})
    half = len(ids) // 2
    first, second = carefully(write, ids[:half]), carefully(write, ids[half:])
    return Batch(
        first.records | second.records,
        first.changed | second.changed,
        first.refusals | second.refusals,
    )


def told(refusals: Mapping[Any, Refusal]) -> list[dict[str, str]]:
    """Return each refused record with the reason, in words."""
    return [{"id": str(pk), "reason": reason_of(each)} for pk, each in refusals.items()]


def reason_of(refusal: Refusal) -> str:
    """Return why a record was refused, in words."""
    if isinstance(refusal, PermissionDenied):
        return _("You may not change this record.")
    if isinstance(refusal, ValidationError):
        return " ".join(_sentences(refusal))
    return str(refusal)


def _sentences(refusal: ValidationError) -> Iterable[str]:
    return dict.fromkeys(refusal.messages)
