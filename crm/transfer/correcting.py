"""Correcting cells of refused rows while an import is being checked; each row is checked again at once."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from crm.transfer.engine.batches import take_batch
from crm.transfer.engine.linking import Linker
from crm.transfer.engine.outcome import Outcome
from crm.transfer.engine.running import plan_of
from crm.transfer.engine.survey import Survey
from crm.transfer.models import Import, ImportNote
from crm.transfer.permissions import IMPORT_RECORDS
from crm.transfer.reading.table import LONGEST_CELL, Row

# Whoever corrects more has a file to correct, not cells.
MOST_EDITS = 1_000
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


@transaction.atomic
def correct_row(the_import: Import, *, number: int, cells: Sequence[str], actor: Actor) -> bool:
    """Keep the row's corrected cells, check it again, and return whether it is fine now."""
    authorize(actor, IMPORT_RECORDS)
    held: Import = (
        Import.objects.select_related("owner__role")
        .select_for_update(of=("self",))
        .get(pk=the_import.pk)
    )
    note, entry = _refused(held, number)
    edits = held.edits or {}
    if len(edits) >= MOST_EDITS:
        raise TooManyEdits
    row = Row(number, [text[:LONGEST_CELL] for text in cells[: len(held.mapping["columns"])]])
    outcome = _checked_again(held, row)
    held.edits = {**edits, str(number): row.cells}
    _count(held, outcome)
    _tell(note, entry, outcome)
    held.save(update_fields=[*CHANGED_COUNTS, "edits", "updated_at"])
    return not outcome.refused


def _refused(held: Import, number: int) -> tuple[ImportNote, dict[str, Any]]:
    if held.state == Import.State.CHECKED:
        for note in ImportNote.objects.filter(owner_import=held, cursor__gte=number):
            for entry in note.told.get("refused", ()):
                if entry["row"] == number:
                    return note, entry
    raise NoSuchRow


def _checked_again(held: Import, row: Row) -> Outcome:
    """Check this row alone; whether it repeats another one shows when all are read again."""
    plan = plan_of(held)
    linker = Linker(plan, patience="settle")
    return take_batch([row], plan, Survey(total=1), linker, samples={})


def _count(held: Import, outcome: Outcome) -> None:
    held.refused -= 1
    for name in CHANGED_COUNTS:
        more = getattr(outcome, name)
        count = len(more) if isinstance(more, list) else more
        setattr(held, name, getattr(held, name) + count)


def _tell(note: ImportNote, entry: dict[str, Any], outcome: Outcome) -> None:
    """Put the row among those that are refused, or those that were and are fine now."""
    again = outcome.told.get("refused", [])
    others = [each for each in note.told["refused"] if each["row"] != entry["row"]]
    fixed = [*note.told.get("fixed", ()), *([] if again else [entry["row"]])]
    refused = sorted([*others, *again], key=lambda each: each["row"])
    note.told = {**note.told, "refused": refused, "fixed": fixed}
    note.save(update_fields=["told"])
