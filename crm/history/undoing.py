"""Taking back what a change set did, record by record, and seeing first what others did since."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import can
from core.actors import Actor
from core.errors import OperationError
from core.records.registry import RecordType, record_type_named, record_types
from core.records.writing import Batch
from crm.history.conflicts import Clash, narrowed_clashes
from crm.history.merging import unmerge_records
from crm.history.models.change_sets import ChangeSet, Portion
from crm.history.models.changes import Change
from crm.history.models.merges import MergedRecord
from crm.history.reaching import of_reached, reached, reaches_everything
from crm.history.reversals import obstacles_of, reversals_of

Role = Portion.Role
READ_AT_ONCE = 5_000
# Conflicts are told one by one; who has more of them than this undoes the rest or nothing.
CONFLICTS_SHOWN = 200
# So many are looked at before; what more there are of them is refused one by one, with its reason.
REFERRING_READ = 1_000
# What happened is taken back in this order: what was made goes last, nothing refers to it then.
REVERSED = (
    (Role.DELETED, Role.BRING_BACK),
    (Role.CREATED, Role.DISCARD),
    (Role.RESTORED, Role.DISCARD),
)
type Work = tuple[str, str, list[UUID]]


class ChangedSince(OperationError):
    """Somebody else changed the record after the change that is to be taken back."""

    code = "changed_since"
    message: str | Promise = gettext_lazy("Somebody else changed this record since.")

    def __init__(self, clashes: Collection[Clash]) -> None:
        super().__init__()
        who = _(", ").join(dict.fromkeys(each.who for each in clashes if not each.reason))
        since = [_("Changed since by %(who)s.") % {"who": who}] if who else []
        self.message = " ".join([*since, *(each.reason for each in clashes if each.reason)])
        self.clashes = list(clashes)


def on_behalf(actor: Actor) -> Actor:
    """Return the actor as somebody who sees what they gave away, for records they reached before."""
    return actor.over_all()


def portions_of(the_set: ChangeSet | None, size: int) -> Iterator[Work]:
    """Yield what has to be done to take the change set back, a portion at a time."""
    if the_set is None:
        return
    merged = MergedRecord.objects.filter(change_set=the_set).order_by("-merged_at", "-pk")
    for name, ids in _by_type(merged.values_list("record_type", "pk")).items():
        yield from _cut(Role.UNMERGE, name, ids, size)
    yield from _edited(the_set, size)
    for did, undo in REVERSED:
        # The newest first: what belongs to something is younger than it.
        rows = the_set.portions.filter(role=did).order_by("-pk")
        for portion in rows.iterator():
            yield from _cut(undo, portion.record_type, portion.ids[::-1], size)


def _edited(the_set: ChangeSet, size: int) -> Iterator[Work]:
    """Yield the edited records, each once, however often the change set changed it."""
    made = the_set.created > 0
    for name in the_set.changes.order_by().values_list("record_type", flat=True).distinct():
        changes = the_set.changes.filter(record_type=name).order_by("record_id")
        ids = changes.values_list("record_id", flat=True).distinct()
        page = list(ids[:READ_AT_ONCE])
        while page:
            known = _made_by(the_set, page) if made else set()
            yield from _cut(Role.REVERT, name, [pk for pk in page if pk not in known], size)
            page = list(ids.filter(record_id__gt=page[-1])[:READ_AT_ONCE])


def _made_by(the_set: ChangeSet, ids: list[UUID]) -> set[UUID]:
    """Return which of these the change set itself made: they are deleted, not changed back."""
    rows = the_set.portions.filter(role=Role.CREATED, ids__overlap=ids)
    return {pk for made in rows.values_list("ids", flat=True) for pk in made}


def _by_type(rows: Iterable[tuple[str, UUID]]) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = defaultdict(list)
    for name, pk in rows:
        found[name].append(pk)
    return found


def _cut(role: str, name: str, ids: list[UUID], size: int) -> Iterator[Work]:
    for start in range(0, len(ids), size):
        yield role, name, ids[start : start + size]


@of_reached(Role.REVERT)
def revert(undo: ChangeSet, record_type: RecordType, ids: list[UUID], actor: Actor) -> Batch[Any]:
    """Give each record back what it said, field by field; what others changed since stays."""
    reversals = reversals_of(undo.undoes_id, ids, besides=undo.pk)
    clashes = obstacles_of(record_type, reversals, on_behalf(actor))
    changes = {}
    for pk, reversal in reversals.items():
        kept = {clash.field for clash in clashes.get(pk, ())}
        changes[pk] = {name: said for name, said in reversal.before.items() if name not in kept}
    rows = {pk: row for pk, row in changes.items() if row}
    batch: Batch[Any] = record_type.operations.many.update(rows, actor=on_behalf(actor))
    for pk, found in clashes.items():
        batch.refusals.setdefault(pk, ChangedSince(found))
        batch.changed.pop(pk, None)
    return batch


@of_reached(Role.DISCARD)
def discard(undo: ChangeSet, record_type: RecordType, ids: list[UUID], actor: Actor) -> Batch[Any]:
    """Move what the change set made to the trash, except what others have changed since."""
    since = changed_by_others(undo.undoes_id, ids, besides=undo.pk)
    batch: Batch[Any] = record_type.operations.many.delete(
        [pk for pk in ids if pk not in since], actor=on_behalf(actor)
    )
    batch.changed = {pk: [] for pk in batch.records}
    batch.refusals |= {pk: ChangedSince(clashes) for pk, clashes in since.items()}
    return batch


def changed_by_others(
    change_set_id: UUID | None, ids: Collection[UUID], *, besides: UUID | None = None
) -> dict[UUID, list[Clash]]:
    """Return which of the records a change set made were changed since, and by whom."""
    ours = [pk for pk in (change_set_id, besides) if pk is not None]
    others = Change.objects.filter(record_id__in=ids).filter(
        Q(change_set=None) | ~Q(change_set__in=ours)
    )
    found: dict[UUID, list[Clash]] = defaultdict(list)
    for change in others.order_by("version"):
        found[change.record_id] += [
            Clash(
                name,
                change.before[name],
                change.after[name],
                None,
                change.actor_label,
                change.created_at,
                change.version,
            )
            for name in change.fields
        ]
    return found


@of_reached(Role.BRING_BACK)
def bring_back(
    undo: ChangeSet, record_type: RecordType, ids: list[UUID], actor: Actor
) -> Batch[Any]:
    """Take the records out of the trash; those somebody else took out already are left alone."""
    rows: Any = record_type.model._default_manager.all()
    there = rows.filter(pk__in=ids, deleted_at=None).values_list("pk", flat=True)
    waiting = set(ids) - set(there)
    batch: Batch[Any] = record_type.operations.many.restore(waiting, actor=on_behalf(actor))
    batch.changed = {pk: [] for pk in batch.records}
    return batch


@of_reached(Role.UNMERGE)
def unmerge(undo: ChangeSet, record_type: RecordType, ids: list[UUID], actor: Actor) -> Batch[Any]:
    """Take merged records apart again."""
    return unmerge_records(record_type, ids, actor=on_behalf(actor))


def conflicts_in(the_set: ChangeSet, actor: Actor) -> dict[UUID, tuple[str, list[Clash]]]:
    """Return the records that cannot be as before, each with its type and what stands against it.

    Nothing is told of those the actor may not take back.
    """
    beyond = beyond_reach(the_set, actor)
    found: dict[UUID, tuple[str, list[Clash]]] = {pk: (name, []) for pk, name in beyond.items()}
    ids = {*touched_since(the_set, CONFLICTS_SHOWN), *_referring(the_set)} - beyond.keys()
    rows = the_set.changes.filter(record_id__in=ids)
    touched = rows.values_list("record_type", "record_id").distinct().order_by("record_id")
    for name, named in _by_type(touched).items():
        if (known := record_type_named(name)) is not None:
            clashes = obstacles_of(known, reversals_of(the_set.pk, named), on_behalf(actor))
            found |= {pk: (name, each) for pk, each in clashes.items()}
    for portion in the_set.portions.filter(role=Role.CREATED).order_by("pk"):
        since = changed_by_others(the_set.pk, [pk for pk in portion.ids if pk not in beyond])
        found |= {pk: (portion.record_type, clashes) for pk, clashes in since.items()}
    return found


def conflicts_told(the_set: ChangeSet, actor: Actor) -> dict[UUID, tuple[str, list[Clash]]]:
    """Return the conflicts as the actor may see them: of fields shown, with masks on masked ones.

    Of a record the actor does not see any more it is only told that it has conflicts.
    """
    found = conflicts_in(the_set, actor)
    seen: set[UUID] = set()
    for name, ids in _by_type((name, pk) for pk, (name, _clashes) in found.items()).items():
        known = record_type_named(name)
        if known is not None and can(actor, known.permission("view")):
            rows: Any = known.model._default_manager.all()
            seen |= set(rows.seen_by(actor).filter(pk__in=ids).values_list("pk", flat=True))
    return {
        pk: (name, narrowed_clashes(clashes, actor.fields.of_type(name)) if pk in seen else [])
        for pk, (name, clashes) in found.items()
    }


def beyond_reach(the_set: ChangeSet, actor: Actor) -> dict[UUID, str]:
    """Return records of the change set that the actor may not take back, with their types."""
    found: dict[UUID, str] = {}
    if reaches_everything(actor):
        return found
    for role, name, ids in portions_of(the_set, READ_AT_ONCE):
        if (known := record_type_named(name)) is not None:
            mine = reached(the_set.pk, role, known, ids, actor)
            found |= dict.fromkeys((pk for pk in ids if pk not in mine), name)
        if len(found) >= CONFLICTS_SHOWN:
            break
    return dict(islice(found.items(), CONFLICTS_SHOWN))


def is_beyond_reach(the_set: ChangeSet, actor: Actor) -> bool:
    """Return whether the actor may take back nothing of the change set."""
    if reaches_everything(actor):
        return False
    known = (
        (record_type_named(name), role, ids)
        for role, name, ids in portions_of(the_set, READ_AT_ONCE)
    )
    return not any(
        kind and reached(the_set.pk, role, kind, ids, actor) for kind, role, ids in known
    )


def _referring(the_set: ChangeSet) -> list[UUID]:
    """Return records of which something was changed that names somebody or something else."""
    refers = {name for each in record_types() for name in each.operations.many.refers}
    rows = the_set.changes.filter(fields__overlap=[*refers]).order_by("record_id")
    return list(rows.values_list("record_id", flat=True).distinct()[:REFERRING_READ])


def touched_since(the_set: ChangeSet, limit: int) -> list[UUID]:
    """Return records of the change set that somebody else changed in the same places since."""
    later = (
        Change.objects.filter(
            record_id=OuterRef("record_id"),
            version__gt=OuterRef("version"),
            fields__overlap=OuterRef("fields"),
        )
        .filter(Q(change_set=None) | ~Q(change_set=the_set))
        .order_by()
    )
    rows = the_set.changes.filter(Exists(later)).order_by("record_id")
    return list(rows.values_list("record_id", flat=True).distinct()[:limit])
