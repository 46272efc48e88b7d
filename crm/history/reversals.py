"""What records said before a change set, and what stands against giving it back to them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from core.actors import Actor
from core.records.registry import RecordType
from crm.history.conflicts import Clash
from crm.history.models.changes import Change


@dataclass(slots=True)
class Reversal:
    """What one record said before a change set, and what others made of it since."""

    last: Change | None = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    since: dict[str, Change] = field(default_factory=dict)

    def clashes(self, now: dict[str, Any]) -> list[Clash]:
        """Return the fields that are not what the change set made of them any more."""
        return [
            self._clash(name, now[name], change)
            for name, change in self.since.items()
            if name in now and now[name] != self.after[name]
        ]

    def losses(self, now: dict[str, Any], reasons: Mapping[str, str]) -> list[Clash]:
        """Return the fields that cannot be as before, for these reasons, and are something else now."""
        return [
            self._clash(name, now[name], self.last, reason)
            for name, reason in reasons.items()
            if now[name] != self.before[name]
        ]

    def _clash(self, name: str, now: Any, change: Any, reason: str = "") -> Clash:
        before, after = self.before[name], self.after[name]
        who, at, version = change.actor_label, change.created_at, change.version
        return Clash(name, after, now, before, who, at, version, reason)


def reversals_of(
    change_set_id: UUID | None, ids: Collection[UUID], *, besides: UUID | None = None
) -> dict[UUID, Reversal]:
    """Return for each record what the change set did to it, and what came after."""
    own: dict[UUID, Reversal] = defaultdict(Reversal)
    ours = {change_set_id} if besides is None else {change_set_id, besides}
    changes = Change.objects.filter(record_id__in=ids).order_by("record_id", "version", "pk")
    for change in changes.defer("actor_id"):
        if change.change_set_id == change_set_id:
            _add(own[change.record_id], change)
        elif change.change_set_id not in ours and change.record_id in own:
            reversal = own[change.record_id]
            reversal.since |= {name: change for name in change.fields if name in reversal.after}
    return dict(own)


def _add(reversal: Reversal, change: Change) -> None:
    reversal.last = change
    for name in change.fields:
        reversal.before.setdefault(name, change.before[name])
        reversal.after[name] = change.after[name]
        reversal.since.pop(name, None)


def clashes_of(
    record_type: RecordType, reversals: dict[UUID, Reversal], actor: Actor
) -> dict[UUID, list[Clash]]:
    """Return for each record the fields others changed since, to something else than it was."""
    touched = [pk for pk, reversal in reversals.items() if reversal.since]
    if not touched:
        return {}
    rows: Any = record_type.model._default_manager.all()
    records = record_type.page.prepare(rows.visible_to(actor).filter(pk__in=touched))
    says = record_type.operations.many.says
    found = {
        record.pk: reversals[record.pk].clashes(says(record, [*reversals[record.pk].since]))
        for record in records
    }
    return {pk: clashes for pk, clashes in found.items() if clashes}


def obstacles_of(
    record_type: RecordType, reversals: dict[UUID, Reversal], actor: Actor
) -> dict[UUID, list[Clash]]:
    """Return for each record what is left as it is: others changed it, or it cannot be as before."""
    found = clashes_of(record_type, reversals, actor)
    for pk, lost in lost_in(record_type, reversals, actor).items():
        known = {clash.field for clash in found.get(pk, ())}
        found.setdefault(pk, []).extend(each for each in lost if each.field not in known)
    return found


def lost_in(
    record_type: RecordType, reversals: dict[UUID, Reversal], actor: Actor
) -> dict[UUID, list[Clash]]:
    """Return for each record the fields whose former values are not there to be given back."""
    many = record_type.operations.many
    before = {
        pk: {name: reversal.before[name] for name in many.refers if name in reversal.before}
        for pk, reversal in reversals.items()
    }
    lost = many.lost({pk: said for pk, said in before.items() if said}, actor=actor)
    if not lost:
        return {}
    rows: Any = record_type.model._default_manager.all()
    records = record_type.page.prepare(rows.visible_to(actor).filter(pk__in=lost))
    found = {
        record.pk: reversals[record.pk].losses(
            many.says(record, [*lost[record.pk]]), lost[record.pk]
        )
        for record in records
    }
    return {pk: clashes for pk, clashes in found.items() if clashes}
