"""Everything that can be done to an import: bring a file, match its columns, decide, check, run, take it away."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.acting import key_of
from core.actors import Actor
from core.errors import OperationError
from core.ids import new_id
from core.records.narrowing import seen_as
from core.records.registry import RecordType
from crm.history.journal import begin_change_set
from crm.history.models.change_sets import ChangeSet
from crm.transfer import files
from crm.transfer.engine.running import plan_of
from crm.transfer.mapping.columns import Mapping as ColumnMapping
from crm.transfer.mapping.columns import refuse_twice
from crm.transfer.mapping.guessing import guess
from crm.transfer.mapping.remembering import past_fields, saved_for
from crm.transfer.models import COUNTED, RETENTION, SILENCE, Import, ImportNote
from crm.transfer.options import Options, refuse_misfits
from crm.transfer.permissions import authorize_import, authorize_own
from crm.transfer.reading.files import Arrival, look_at
from crm.transfer.reading.sizes import bounded
from crm.transfer.reading.table import Layout, Table

LONGEST_NAME = 200
State = Import.State
OPEN = (State.UPLOADED, State.CHECKED, State.FAILED)


class WrongMoment(OperationError):
    """The import is at another step than the person thought."""

    code = "import_wrong_moment"
    message = _("This import is at another step by now. Open it again to go on.")


@transaction.atomic
def upload(
    chunks: Iterable[bytes], *, record_type: RecordType, file_name: str, actor: Actor
) -> Import:
    """Return a new import of the file, its columns matched as well as can be; BadFile says what is wrong with it."""
    authorize_import(actor, record_type.name)
    authorize(actor, record_type.add_permission)
    pk, arrival = new_id(), Arrival(file_name)
    try:
        size = files.store(pk, arrival.watch(bounded(chunks)))
        with files.opened(pk) as file:
            table = look_at(file, arrival.layout(file))
        options = Options(match=record_type.importer.match[0].name)
        the_import = Import(
            pk=pk,
            owner_id=actor.user_id,
            key_id=key_of(actor),
            record_type=record_type.name,
            file_name=file_name[-LONGEST_NAME:],
            size=size,
            layout=table.layout.as_json(),
            mapping=_guessed(table, record_type, actor).as_json(),
            options=options.as_json(),
        )
        the_import.save(force_insert=True)
    except Exception:
        files.remove(pk)
        raise
    return the_import


def _guessed(table: Table, record_type: RecordType, actor: Actor) -> ColumnMapping:
    """Return what was saved for these columns, else the best guess."""
    if saved := saved_for(record_type.name, table.columns):
        return ColumnMapping.from_json(saved.mapping)
    past = past_fields(record_type.name, actor)
    importer = seen_as(record_type, actor).importer.for_writing()
    return guess(table.columns, importer, samples=table.texts, past=past)


@transaction.atomic
def choose_layout(the_import: Import, *, choices: Mapping[str, str], actor: Actor) -> Import:
    """Have the file read in another encoding, with another delimiter, or another sheet of it."""
    the_import = _held(the_import, *OPEN, actor=actor)
    layout = Layout.from_json(the_import.layout).changed(**choices)
    with files.opened(the_import.pk) as file:
        table = look_at(file, layout)
    if table.layout.as_json() != the_import.layout:
        the_import.layout, the_import.edits, the_import.kept = table.layout.as_json(), None, None
        record_type = plan_of(the_import).record_type
        the_import.mapping = _guessed(table, record_type, actor).as_json()
        the_import.state = State.UPLOADED
        the_import.save(update_fields=["layout", "edits", "kept", "mapping", "state", "updated_at"])
    return the_import


@transaction.atomic
def map_columns(the_import: Import, *, mapping: ColumnMapping, actor: Actor) -> Import:
    """Keep which column goes where."""
    the_import = _held(the_import, *OPEN, actor=actor)
    refuse_twice(mapping, plan_of(the_import).importer)
    the_import.mapping = mapping.as_json()
    the_import.state = State.UPLOADED
    the_import.save(update_fields=["mapping", "state", "updated_at"])
    return the_import


@transaction.atomic
def choose_options(the_import: Import, *, options: Options, actor: Actor) -> Import:
    """Keep which rows count, and what every record gets besides what its row says."""
    the_import = _held(the_import, *OPEN, actor=actor)
    refuse_misfits(options, plan_of(the_import).importer)
    the_import.options, the_import.lawful_basis = options.as_json(), options.lawful_basis
    the_import.state = State.UPLOADED
    the_import.save(update_fields=["options", "lawful_basis", "state", "updated_at"])
    return the_import


@transaction.atomic
def begin_check(the_import: Import, *, actor: Actor) -> Import:
    """Have the file checked against today's data; nothing of it is written."""
    the_import = _held(the_import, *OPEN, actor=actor)
    the_import.key_id = key_of(actor)
    return _begin(the_import, State.CHECKING)


@transaction.atomic
def begin_run(the_import: Import, *, actor: Actor) -> Import:
    """Have the file written as it was checked."""
    the_import = _held(the_import, State.UPLOADED, State.CHECKED, actor=actor)
    kind, name = ChangeSet.Kind.IMPORT, the_import.file_name
    journal = begin_change_set(kind, record_type=the_import.record_type, actor=actor, label=name)
    the_import.change_set_id, the_import.key_id = journal.pk, key_of(actor)
    return _begin(the_import, State.RUNNING)


def _begin(the_import: Import, state: str) -> Import:
    ImportNote.objects.filter(owner_import=the_import).delete()
    the_import.forget_counts()
    the_import.state, the_import.problem, the_import.rights_ended = state, "", False
    the_import.started_at = the_import.finished_at = None
    begun = ("round", "cursor", "state", "problem", "rights_ended", "started_at", "finished_at")
    the_import.save(update_fields=[*COUNTED, *begun, "change_set_id", "key_id", "updated_at"])
    return the_import


@transaction.atomic
def wake(the_import: Import, *, actor: Actor, at: datetime) -> Import:
    """Make sure nobody is working on the import any more, so that it may be taken up again."""
    the_import = _held(the_import, State.CHECKING, State.RUNNING, actor=actor)
    if not the_import.is_silent(at):
        raise WrongMoment
    the_import.save(update_fields=["updated_at"])
    return the_import


def silent_imports(*, at: datetime) -> list[UUID]:
    """Return the imports that go on no more: of an owner who left, nobody else takes them up."""
    silent = Import.objects.filter(state__in=Import.under_way, updated_at__lt=at - SILENCE)
    return list(silent.order_by("pk").values_list("pk", flat=True))


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
    held = Import.objects.select_related("owner__role").lock(the_import.pk)
    authorize_own(actor, held)
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
