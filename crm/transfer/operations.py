"""Everything that can be done to an import: bring a file, match its columns, check, run, take it away."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.ids import new_id
from core.records.registry import RecordType
from crm.transfer import files
from crm.transfer.engine.running import COUNTED, plan_of
from crm.transfer.mapping import Mapping, guess, refuse_twice
from crm.transfer.models import RETENTION, Import, ImportNote
from crm.transfer.permissions import IMPORT_RECORDS
from crm.transfer.reading import checked, look_at

LARGEST = 50 * 2**20
LONGEST_NAME = 200
State = Import.State


class WrongMoment(OperationError):
    """The import is at another step than the person thought."""

    code = "import_wrong_moment"
    message = _("This import is at another step by now. Open it again to go on.")


@transaction.atomic
def upload(
    chunks: Iterable[bytes], *, record_type: RecordType, file_name: str, actor: Actor
) -> Import:
    """Return a new import of the file, its columns matched by their names; BadFile says what is wrong with it."""
    authorize(actor, IMPORT_RECORDS)
    authorize(actor, record_type.add_permission)
    pk = new_id()
    try:
        size = files.store(pk, checked(chunks))
        table = look_at(files.opened(pk))
        the_import = Import(
            pk=pk,
            owner_id=actor.user_id,
            record_type=record_type.name,
            file_name=file_name[-LONGEST_NAME:],
            delimiter=table.delimiter,
            size=size,
            mapping=guess(table.columns, record_type.importer).as_json(),
            match=record_type.importer.match[0].name,
        )
        the_import.save(force_insert=True)
    except Exception:
        files.remove(pk)
        raise
    return the_import


@transaction.atomic
def map_columns(
    the_import: Import, *, mapping: Mapping, match: str, creates_linked: bool, actor: Actor
) -> Import:
    """Keep which column goes where and how records are recognised."""
    the_import = _held(the_import, State.UPLOADED, State.CHECKED, State.FAILED, actor=actor)
    refuse_twice(mapping, plan_of(the_import).importer)
    the_import.mapping = mapping.as_json()
    the_import.match, the_import.creates_linked = match, creates_linked
    the_import.state = State.UPLOADED
    the_import.save(update_fields=["mapping", "match", "creates_linked", "state", "updated_at"])
    return the_import


@transaction.atomic
def begin_check(the_import: Import, *, actor: Actor) -> Import:
    """Have the file checked against today's data; nothing of it is written."""
    the_import = _held(the_import, State.UPLOADED, State.CHECKED, State.FAILED, actor=actor)
    return _begin(the_import, State.CHECKING)


@transaction.atomic
def begin_run(the_import: Import, *, actor: Actor) -> Import:
    """Have the file written as it was checked."""
    the_import = _held(the_import, State.UPLOADED, State.CHECKED, actor=actor)
    return _begin(the_import, State.RUNNING)


def _begin(the_import: Import, state: str) -> Import:
    ImportNote.objects.filter(owner_import=the_import).delete()
    the_import.forget_counts()
    the_import.state, the_import.problem = state, ""
    the_import.started_at = the_import.finished_at = None
    the_import.save(
        update_fields=[
            *COUNTED,
            "round",
            "cursor",
            "state",
            "problem",
            "started_at",
            "finished_at",
            "updated_at",
        ]
    )
    return the_import


@transaction.atomic
def wake(the_import: Import, *, actor: Actor, at: datetime) -> Import:
    """Make sure nobody is working on the import any more, so that it may be taken up again."""
    the_import = _held(the_import, State.CHECKING, State.RUNNING, actor=actor)
    if not the_import.is_silent(at):
        raise WrongMoment
    the_import.save(update_fields=["updated_at"])
    return the_import


@transaction.atomic
def discard(the_import: Import, *, actor: Actor) -> None:
    """Take away an import that has written nothing, with its file and its notes."""
    waiting = (State.UPLOADED, State.CHECKING, State.CHECKED, State.FAILED)
    the_import = _held(the_import, *waiting, actor=actor)
    if the_import.state == State.FAILED and (the_import.created or the_import.updated):
        raise WrongMoment
    pk: UUID = the_import.pk
    the_import.delete()
    files.remove(pk)


def _held(the_import: Import, *states: str, actor: Actor) -> Import:
    authorize(actor, IMPORT_RECORDS)
    held: Import = (
        Import.objects.select_related("owner__role")
        .select_for_update(of=("self",))
        .get(pk=the_import.pk)
    )
    if held.state not in states:
        raise WrongMoment
    return held


@transaction.atomic
def forget_old_imports(*, at: datetime) -> int:
    """Delete refused rows and left-behind files once their time is over; return how many imports had any."""
    old = Import.objects.filter(updated_at__lt=at - RETENTION)
    finished = old.filter(state=State.FINISHED, notes__isnull=False).distinct()
    ImportNote.objects.filter(owner_import__in=finished).delete()
    left = list(old.exclude(state=State.FINISHED).order_by("pk"))
    for each in left:
        files.remove(each.pk)
        each.delete()
    return len(left)
