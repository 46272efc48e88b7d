"""What is done about single rows while an import is being checked: corrected, skipped, applied in part.

Each row is checked again at once, and compared with the others as far as that is quick.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import OperationError
from crm.transfer.engine.batches import take_batch
from crm.transfer.engine.edited import edited_rows
from crm.transfer.engine.linking import Linker
from crm.transfer.engine.outcome import Outcome
from crm.transfer.engine.plan import Plan
from crm.transfer.engine.running import plan_of
from crm.transfer.engine.survey import Survey, take_survey
from crm.transfer.models import Import, ImportNote
from crm.transfer.notes import Told, told_of
from crm.transfer.permissions import authorize_own
from crm.transfer.reading.table import LONGEST_CELL, Layout, Row

# Whoever corrects more has a file to correct, not cells.
MOST_EDITS = 1_000
# All of them are read with the import; a column has a rule for what is to stay everywhere.
MOST_KEPT = 10_000
# In a longer file nobody could wait for the comparison; there it is made when the import runs.
COMPARED_ROWS = 20_000
CHANGED_COUNTS = ("created", "updated", "unchanged", "skipped", "refused", "corrected", "linked")


class NoSuchRow(OperationError):
    """The row is not among those that are refused."""

    code = "import_no_such_row"
    message = _("This row is not refused, or the check was begun again. Open the check to go on.")
    status = 404


class TooManyEdits(OperationError):
    """So many cells are corrected that the file had better be."""

    code = "import_too_many_edits"
    message = _("So many rows are quicker to correct in the file. Download the refused rows.")


class TooManyKept(OperationError):
    """Of so many rows single values are kept that the column had better have a rule."""

    code = "import_too_many_kept"
    message = _(
        "For so many rows, rather choose for the whole column what becomes of existing values."
    )


class NoSuchUpdate(OperationError):
    """The row is not among those whose values are shown before and after."""

    code = "import_no_such_update"
    message = _("This row changes no such value. Open the check to go on.")
    status = 404


class NeedsValue(OperationError):
    """Without the value, the rest of the row cannot be imported."""

    code = "import_needs_value"

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.message = _("The rest of the row needs this value: %(reason)s") % {"reason": sentence}


@transaction.atomic
def correct_row(the_import: Import, *, number: int, cells: Sequence[str], actor: Actor) -> bool:
    """Keep the row's corrected cells, check it again, and return whether it is fine now."""
    held = _held(the_import, actor)
    found = _refused(held, number)
    row = Row(number, [text[:LONGEST_CELL] for text in cells[: len(held.mapping["columns"])]])
    _edit(held, found.entry, row.cells)
    outcome = _checked_again(held, row)
    _count(held, {"refused": -1})
    _count(held, _counts(outcome))
    _tell(found.note, number, outcome.told)
    held.save(update_fields=[*CHANGED_COUNTS, "edits", "updated_at"])
    return not outcome.refused


@transaction.atomic
def skip_row(the_import: Import, *, number: int, actor: Actor) -> None:
    """Leave a refused row out on purpose: it is an error no longer."""
    held = _held(the_import, actor)
    found = _refused(held, number)
    _edit(held, found.entry, None)
    _count(held, {"refused": -1, "skipped": 1})
    _tell(found.note, number, {})
    held.save(update_fields=[*CHANGED_COUNTS, "edits", "updated_at"])


@transaction.atomic
def reopen_row(the_import: Import, *, number: int, actor: Actor) -> None:
    """Take back what was done about a row; it is refused again as it was."""
    held = _held(the_import, actor)
    edits = dict(held.edits or {})
    edit = edits.get(str(number))
    is_open = held.state == Import.State.CHECKED and not told_of(held, number, "refused")
    if edit is None or not is_open:
        raise NoSuchRow
    cells = edit["cells"]
    done = {"skipped": 1} if cells is None else _counts(_checked_again(held, Row(number, cells)))
    held.edits = {key: each for key, each in edits.items() if key != str(number)}
    _count(held, {name: -count for name, count in done.items()})
    _count(held, {"refused": 1})
    _tell(_note_for(held, number), number, {"refused": [edit["was"]]})
    held.save(update_fields=[*CHANGED_COUNTS, "edits", "updated_at"])


@transaction.atomic
def keep_values(the_import: Import, *, number: int, names: Collection[str], actor: Actor) -> None:
    """Keep what a row's record has now in these fields; all its other values are applied."""
    held = _held(the_import, actor)
    found = told_of(held, number, "updated") if held.state == Import.State.CHECKED else None
    offered = {name for *_said, name in found.entry["changes"]} if found else set()
    row = _row(held, number) if found else None
    if found is None or row is None or not offered.issuperset(names):
        raise NoSuchUpdate
    survey = _surveyed(held, row, plan_of(held))
    before = _counts(_checked_again(held, row, survey))
    others = {key: kept for key, kept in (held.kept or {}).items() if key != str(number)}
    held.kept = others | ({str(number): sorted(names)} if names else {})
    if len(held.kept) > MOST_KEPT:
        raise TooManyKept
    outcome = _checked_again(held, row, survey)
    for refused in outcome.told.get("refused", ()):
        raise NeedsValue(refused["problems"][0].sentence)
    _count(held, {name: -count for name, count in before.items()})
    _count(held, _counts(outcome))
    _tell(found.note, number, {"updated": [found.entry | {"kept": sorted(names)}]})
    held.save(update_fields=[*CHANGED_COUNTS, "kept", "updated_at"])


def _row(held: Import, number: int) -> Row | None:
    rows = edited_rows(held.pk, Layout.from_json(held.layout), held.edits or {})
    return next((row for row in rows if row.number == number), None)


def _held(the_import: Import, actor: Actor) -> Import:
    held = Import.objects.select_related("owner__role").lock(the_import.pk)
    authorize_own(actor, held)
    return held


def _refused(held: Import, number: int) -> Told:
    found = told_of(held, number, "refused") if held.state == Import.State.CHECKED else None
    if found is None:
        raise NoSuchRow
    return found


def _edit(held: Import, entry: Mapping[str, Any], cells: Sequence[str] | None) -> None:
    """Keep the row's cells, with how it was refused at first."""
    edits, key = held.edits or {}, str(entry["row"])
    if len(edits) >= MOST_EDITS:
        raise TooManyEdits
    was = edits[key]["was"] if key in edits else entry
    held.edits = {**edits, key: {"cells": cells, "was": was}}


def _checked_again(held: Import, row: Row, survey: Survey | None = None) -> Outcome:
    plan = plan_of(held)
    linker = Linker(plan, patience="settle")
    return take_batch([row], plan, survey or _surveyed(held, row, plan), linker, samples={})


def _surveyed(held: Import, row: Row, plan: Plan) -> Survey:
    """Return what the whole file says of this row: whether another one is about the same record."""
    if held.total > COMPARED_ROWS:
        return Survey(total=1, signs={int(at): sign for at, sign in held.signs.items()})
    layout, edits = Layout.from_json(held.layout), held.edits or {}
    survey = take_survey(lambda: edited_rows(held.pk, layout, edits), plan)
    later = (at for at, first in survey.repeats.items() if first == row.number)
    other = survey.repeats.get(row.number) or next(later, None)
    return Survey(total=1, repeats={row.number: other} if other else {}, signs=survey.signs)


def _counts(outcome: Outcome) -> dict[str, int]:
    found = {name: getattr(outcome, name) for name in CHANGED_COUNTS}
    return {name: len(more) if isinstance(more, list) else more for name, more in found.items()}


def _count(held: Import, more: Mapping[str, int]) -> None:
    for name, count in more.items():
        setattr(held, name, max(0, getattr(held, name) + count))


def _tell(note: ImportNote, number: int, now: Mapping[str, Sequence[Any]]) -> None:
    """Put what is told of the row now in the place of what was."""
    told = dict(note.told)
    for kind in ("refused", "updated"):
        others = [each for each in told.get(kind, ()) if each["row"] != number]
        told[kind] = sorted([*others, *now.get(kind, ())], key=lambda each: each["row"])
    note.tell(told)
    note.save()


def _note_for(held: Import, number: int) -> ImportNote:
    """Return the note that tells of the row already, else one of the batch it belongs to."""
    if told := told_of(held, number, "updated"):
        return told.note
    notes = ImportNote.objects.filter(owner_import=held, cursor__gte=number)
    found: ImportNote | None = notes.order_by("round", "cursor").first()
    return found or ImportNote(owner_import=held, round=1, cursor=number)
