"""Taking back what was done to many records."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from crm.history.conflicts import Clash
from crm.history.journal import begin_change_set
from crm.history.models.change_sets import ChangeSet
from crm.history.permissions import UNDO
from crm.history.undoing import is_beyond_reach


class NotUndoable(OperationError):
    """It was undone already, is not finished, or is too long ago."""

    code = "not_undoable"
    message = _("This cannot be undone: it was undone already, or happened over 30 days ago.")


class UndoConflicts(OperationError):
    """Some of it cannot become what it was: others changed it since, or it is not there any more."""

    code = "undo_conflicts"
    message = _("Some of the records cannot become what they were before.")

    def __init__(self, found: Mapping[UUID, tuple[str, Collection[Clash]]]) -> None:
        super().__init__()
        said = [
            {"id": str(pk), "type": name, "conflicts": [each.as_json() for each in clashes]}
            for pk, (name, clashes) in found.items()
        ]
        self.details = {"records": said}


class BeyondReach(OperationError):
    """The records are not, and were not, among those the actor works with."""

    code = "beyond_reach"
    message = _("You may not change any of these records.")
    status = 403


@transaction.atomic
def begin_undo(the_set: ChangeSet, *, actor: Actor, at: datetime) -> ChangeSet:
    """Return a change set that waits to take this one back; a change set is taken back once."""
    held: ChangeSet = ChangeSet.objects.lock(the_set.pk)
    authorize(actor, UNDO, held)
    if not held.is_undoable(at):
        raise NotUndoable
    if is_beyond_reach(held, actor):
        raise BeyondReach
    held.state = ChangeSet.State.UNDOING
    held.save(update_fields=["state", "updated_at"])
    return begin_change_set(
        ChangeSet.Kind.UNDO,
        record_type=held.record_type,
        actor=actor,
        action=held.kind,
        fields=held.fields,
        total=held.updated + held.created + held.deleted + held.restored,
        undoes=held,
        plan={},
    )


@transaction.atomic
def wake(the_set: ChangeSet, *, actor: Actor, at: datetime) -> ChangeSet:
    """Make sure nobody is working on the change set any more, so that it may be taken up again."""
    held: ChangeSet = ChangeSet.objects.lock(the_set.pk)
    authorize(actor, UNDO, held)
    if not held.is_silent(at):
        raise NotUndoable
    held.save(update_fields=["updated_at"])
    return held
