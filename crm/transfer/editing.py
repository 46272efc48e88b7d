"""A refused row as the check shows it: the cells that are wrong to be corrected in place, a few others beside them."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.actors import Actor
from crm.transfer.engine.plan import Plan
from crm.transfer.notes import TableRow
from crm.transfer.suggesting import suggestions

CELLS_BESIDE = 3


@dataclass(frozen=True, slots=True)
class EditableCell:
    """One cell of a refused row, and what may be meant by it."""

    at: int
    column: str
    text: str
    problems: tuple[str, ...]
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EditableRow:
    """A refused row: what is wrong with it as a whole, its wrong cells, and what tells which row it is."""

    number: int
    problems: tuple[str, ...]
    wrong: tuple[EditableCell, ...]
    beside: tuple[str, ...]

    @property
    def can_be_corrected(self) -> bool:
        return bool(self.wrong)


def editable(row: TableRow, plan: Plan, actor: Actor) -> EditableRow:
    """Return the row with each problem at its cell; a problem of no cell is the row's own."""
    wrong = []
    for at, column in enumerate(row.columns):
        problems = tuple(sentence for name, sentence in row.problems if name == column)
        if problems:
            text = row.cells[at] if at < len(row.cells) else ""
            wrong.append(EditableCell(at, column, text, problems, _meant(plan, at, text, actor)))
    own = tuple(sentence for name, sentence in row.problems if name not in row.columns)
    taken = {cell.at for cell in wrong}
    return EditableRow(row.number, own, tuple(wrong), beside(row.cells, taken))


def beside(cells: Sequence[str], taken: set[int]) -> tuple[str, ...]:
    """Return the first texts of a row besides those in these places: they tell which row it is."""
    texts = [text for at, text in enumerate(cells) if text and at not in taken]
    return tuple(texts[:CELLS_BESIDE])


def _meant(plan: Plan, at: int, text: str, actor: Actor) -> tuple[str, ...]:
    name = plan.mapping.columns[at].field
    field = plan.importer.field(name) if name and text else None
    return tuple(suggestions(field, plan.importer, text, actor)) if field else ()
