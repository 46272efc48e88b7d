"""Carrying an import out: batch after batch, each with its own transaction, from where it stopped."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.errors import OperationError
from core.events.bus import emit
from core.limits import allowance
from core.records.narrowing import seen_as
from core.records.registry import record_type_named
from core.ui import formats
from crm.history.journal import continuing, finish_change_set
from crm.history.models.change_sets import ChangeSet
from crm.transfer import files
from crm.transfer.acting import owner_again
from crm.transfer.engine.batches import take_batch
from crm.transfer.engine.edited import edited_rows, skipped_in
from crm.transfer.engine.linking import Linker
from crm.transfer.engine.outcome import Outcome
from crm.transfer.engine.plan import Plan
from crm.transfer.engine.rounds import patience_after
from crm.transfer.engine.survey import Survey, take_survey
from crm.transfer.mapping.columns import Mapping
from crm.transfer.models import COUNTED, Import, ImportNote
from crm.transfer.options import Options
from crm.transfer.permissions import may_import
from crm.transfer.reading.table import BadFile, Layout, Row
from crm.transfer.wording import RIGHTS_ENDED

BATCH = 500
SAMPLES = 100
SAMPLED = ("created", "unchanged")
type Clock = Callable[[], datetime]


class RightsEnded(OperationError):
    """Whoever began has left meanwhile, or their key or their right ended."""

    code = "import_rights_ended"
    message = RIGHTS_ENDED


class Overtaken(Exception):
    """Another worker does this import, or it was taken back."""


def carry_on(pk: UUID, *, clock: Clock) -> None:
    """Check or run the import from where it stopped until it is done, or until somebody else does it."""
    with transaction.atomic():
        the_import = Import.objects.select_related("owner__role").get(pk=pk)
        run = _Run(the_import) if the_import.is_under_way else None
    if run is None:
        return
    with override(the_import.owner.language if the_import.owner else None):
        try:
            run.go(clock)
        except (BadFile, RightsEnded) as refusal:
            _stop(pk, refusal, clock())
        except Overtaken:
            return


class _Run:
    """One worker's way through an import."""

    def __init__(self, the_import: Import) -> None:
        self.pk = the_import.pk
        self.state = the_import.state
        self.layout = Layout.from_json(the_import.layout)
        self.edits = the_import.edits or {}
        self.change_set_id = the_import.change_set_id if the_import.state == "running" else None
        self.round, self.cursor = the_import.round, the_import.cursor
        self.plan = plan_of(the_import)
        self.survey = Survey()
        self.linker = Linker(self.plan)

    def go(self, clock: Clock) -> None:
        self._refuse_strangers()
        self._forget_half_a_check()
        self.survey = take_survey(self._rows, self.plan)
        self._note_total(clock())
        while self._begin_round():
            wanted = self._waiting(self.round - 1)
            for rows in batched(self._remaining(wanted), BATCH):
                self._take(list(rows), clock())
            self._move(self.round + 1, 0)
        self._finish(clock())

    def _refuse_strangers(self) -> None:
        """Whoever began may have lost the right meanwhile."""
        if not may_import(self.plan.actor, self.plan.record_type.name):
            raise RightsEnded

    def _act_again(self, the_import: Import) -> None:
        """Go on with the rights of now: they may have become fewer since the last batch, or ended."""
        self.plan = self.linker.plan = plan_of(the_import)
        self._refuse_strangers()

    def _forget_half_a_check(self) -> None:
        """A check remembers what its rows would make, so it is begun again rather than resumed."""
        if self.plan.writes or (self.round, self.cursor) == (1, 0):
            return
        with transaction.atomic():
            the_import = self._held()
            ImportNote.objects.filter(owner_import=the_import).delete()
            the_import.forget_counts()
            the_import.save(update_fields=[*COUNTED, "round", "cursor", "updated_at"])
        self.round, self.cursor = 1, 0

    def _rows(self) -> Iterator[Row]:
        """Return the file's rows, with what somebody decided while checking."""
        return edited_rows(self.pk, self.layout, self.edits)

    def _remaining(self, wanted: set[int]) -> Iterator[Row]:
        """Yield the rows of this round that are not done yet."""
        for row in self._rows():
            if row.number > self.cursor and (self.round == 1 or row.number in wanted):
                yield row

    def _begin_round(self) -> bool:
        """Return whether there is another round, and be as patient as it asks for."""
        sizes = [len(self._waiting(number)) for number in range(1, self.round)]
        patience = patience_after(sizes, self.survey.total)
        if patience is None:
            return False
        self.linker.patience = patience
        self.linker.waiting = frozenset() if patience == "wait" else self._waiting_words()
        return True

    def _waiting(self, number: int) -> set[int]:
        with transaction.atomic():
            notes = ImportNote.objects.filter(owner_import_id=self.pk, round=number)
            return {row for rows in notes.values_list("waiting", flat=True) for row in rows}

    def _waiting_words(self) -> frozenset[str]:
        """Return what other rows may call the records of the rows that wait."""
        family = self.plan.family()
        if family is None or family.lookup is None:
            return frozenset()
        key, name = family.lookup.key, family.lookup.in_file
        wanted = self._waiting(self.round - 1)
        at = next((place.at for place in self.plan.places() if place.field.name == name), None)
        if at is None:
            return frozenset()
        return frozenset(key(row.cells[at]) for row in self._rows() if row.number in wanted)

    def _take(self, rows: list[Row], at: datetime) -> None:
        with transaction.atomic():
            the_import = self._held()
            self._act_again(the_import)
            samples = self._samples(the_import)
            with self._journal():
                outcome = take_batch(rows, self.plan, self.survey, self.linker, samples=samples)
            self.cursor = rows[-1].number
            self._note(the_import, outcome)

    def _journal(self) -> AbstractContextManager[None]:
        """Have all that a batch writes belong to the import's change set, which can be undone."""
        return continuing(self.change_set_id) if self.change_set_id else nullcontext()

    def _samples(self, the_import: Import) -> dict[str, int]:
        """Return how many samples are wanted; once it runs, only what was refused or corrected is kept."""
        if self.plan.writes:
            return {}
        return {kind: max(0, SAMPLES - getattr(the_import, kind)) for kind in SAMPLED}

    def _held(self) -> Import:
        """Return the import, held; Overtaken unless it stands where this worker left it."""
        rows = Import.objects.select_related("owner__role").select_for_update(of=("self",))
        the_import = rows.filter(pk=self.pk).first()
        if the_import is None or the_import.state != self.state:
            raise Overtaken
        if (the_import.round, the_import.cursor) != (self.round, self.cursor):
            raise Overtaken
        return the_import

    def _note(self, the_import: Import, outcome: Outcome) -> None:
        """Keep counts and place in the batch's own transaction: what is counted is written, and only once."""
        for name in COUNTED:
            more = getattr(outcome, name)
            setattr(
                the_import,
                name,
                getattr(the_import, name) + (len(more) if isinstance(more, list) else more),
            )
        the_import.cursor = self.cursor
        the_import.save(update_fields=[*COUNTED, "cursor", "updated_at"])
        if outcome.told or outcome.waiting:
            note = ImportNote(owner_import=the_import, round=self.round, cursor=self.cursor)
            note.waiting = outcome.waiting
            note.tell(outcome.told)
            note.save(force_insert=True)

    def _note_total(self, at: datetime) -> None:
        with transaction.atomic():
            the_import = self._held()
            left_out = skipped_in(self.edits)
            the_import.total = self.survey.total + left_out
            if (self.round, self.cursor) == (1, 0):
                the_import.skipped = left_out
            if the_import.total > (most := allowance("import_rows")):
                raise BadFile(_too_many(the_import.total, most))
            the_import.started_at = the_import.started_at or at
            the_import.signs = self.survey.signs
            the_import.save(update_fields=["total", "skipped", "signs", "started_at", "updated_at"])

    def _move(self, number: int, cursor: int) -> None:
        with transaction.atomic():
            the_import = self._held()
            self.round, self.cursor = the_import.round, the_import.cursor = number, cursor
            the_import.save(update_fields=["round", "cursor", "updated_at"])

    def _finish(self, at: datetime) -> None:
        with transaction.atomic():
            the_import = self._held()
            the_import.state = Import.State.FINISHED if self.plan.writes else Import.State.CHECKED
            the_import.finished_at = at
            the_import.save(update_fields=["state", "finished_at", "updated_at"])
            close_journal(the_import)
            if self.plan.writes and (the_import.created or the_import.updated):
                counts = {name: getattr(the_import, name) for name in COUNTED}
                emit(
                    "import.finished",
                    the_import,
                    actor=self.plan.actor,
                    type=the_import.record_type,
                    change_set=str(the_import.change_set_id),
                    **counts,
                )
        if self.plan.writes:
            files.remove(self.pk)


def _too_many(total: int, most: int) -> str:
    return _("The file has %(count)s rows; %(most)s can be imported at once.") % {
        "count": formats.number(total),
        "most": formats.number(most),
    }


def _stop(pk: UUID, refusal: OperationError, at: datetime) -> None:
    with transaction.atomic():
        the_import: Import = Import.objects.lock(pk)
        the_import.state, the_import.problem = Import.State.FAILED, str(refusal)
        the_import.rights_ended = isinstance(refusal, RightsEnded)
        the_import.finished_at = at
        stopped = ("state", "problem", "rights_ended", "finished_at", "updated_at")
        the_import.save(update_fields=stopped)
        close_journal(the_import)


def close_journal(the_import: Import) -> None:
    """Say that nothing more will be written, so that it can be taken back."""
    if the_import.change_set_id:
        finish_change_set(ChangeSet.objects.get(pk=the_import.change_set_id))


class UnknownType(LookupError):
    """The import is of a record type that is not registered any more."""


def plan_of(the_import: Import) -> Plan:
    """Return what was decided about the import."""
    record_type = record_type_named(the_import.record_type)
    if record_type is None or the_import.owner is None:
        raise UnknownType(the_import.record_type)
    actor = owner_again(the_import.owner, the_import.key_id)
    # Who has left, and a key that ended, may import nothing, which stops the import.
    actor = actor or replace(the_import.owner.as_actor(), permissions=frozenset())
    options = Options.from_json(the_import.options)
    occasion = {"import": str(the_import.pk), "runs_automations": options.runs_automations}
    if options.lawful_basis:
        occasion["lawful_basis"] = options.lawful_basis
    actor = actor.during(**occasion)
    return Plan(
        record_type=seen_as(record_type, actor),
        mapping=Mapping.from_json(the_import.mapping),
        options=options,
        actor=actor,
        writes=the_import.state == Import.State.RUNNING,
        kept=the_import.kept or {},
    )
