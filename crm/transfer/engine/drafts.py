"""Reading one row: its cells made into values, with every problem and correction on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.records.importing import Cell, Labelled, MatchBy
from crm.transfer.engine.plan import Place, Plan
from crm.transfer.harmless import unmarked
from crm.transfer.reading.table import Row

FAILED_FORMULAS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)


class Problem(NamedTuple):
    """Why a row is refused: in which column, and what is wrong there."""

    column: str
    sentence: str


class Correction(NamedTuple):
    """What a cell said and what it was taken for."""

    column: str
    was: str
    now: str


@dataclass(slots=True)
class Draft:
    """A row on its way: what was read, what is wrong, and what it still waits for."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    # Words of records that do not exist yet, by field, each with its place among the values.
    coming: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    is_waiting: bool = False
    # Whether records were made that its words name.
    needed: bool = False
    # By which of its values the record is recognised, taken before words become ids.
    matcher: MatchBy | None = None
    keys: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.problems and not self.is_waiting


def read_draft(row: Row, plan: Plan, places: Iterable[Place], signs: Mapping[int, str]) -> Draft:
    """Return the row's values; a cell that cannot be read is a problem of its column."""
    draft = Draft(row)
    cells = row.cells
    if len(cells) != plan.width and not _is_padded(cells, plan.width):
        draft.problems.append(Problem("", _ragged(len(cells), plan.width)))
        return draft
    for place in places:
        text = unmarked(cells[place.at].strip())
        if text:
            _read_cell(draft, place, text, signs.get(place.at, ""))
    return draft


def _is_padded(cells: list[str], width: int) -> bool:
    """Some programs end rows with empty cells nobody asked for."""
    return len(cells) > width and not any(cells[width:])


def _ragged(found: int, wanted: int) -> str:
    return _("The row has %(found)s cells, the header has %(wanted)s.") % {
        "found": found,
        "wanted": wanted,
    }


def _read_cell(draft: Draft, place: Place, text: str, sign: str) -> None:
    name = place.field.target
    if text in FAILED_FORMULAS:
        sentence = _("The formula of this cell gave no value. Write the value itself.")
        draft.problems.append(Problem(place.column.name, sentence))
        return
    try:
        reading = place.field.read(Cell(text, place.column.multiply, sign))
    except ValidationError as error:
        draft.problems += [Problem(place.column.name, sentence) for sentence in error.messages]
        return
    if reading.correction:
        draft.corrections.append(Correction(place.column.name, text, reading.correction))
    if place.field.is_list:
        more = reading.value if isinstance(reading.value, list) else [reading.value]
        if place.field.stands_for:
            more = [Labelled(each, place.field.stands_for) for each in more]
        draft.values[name] = [*draft.values.get(name, []), *more]
    else:
        draft.values[name] = reading.value
