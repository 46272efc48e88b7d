"""A refused row as the check shows it: the cells that are wrong to be corrected in place, a few others beside them."""

from dataclasses import dataclass

from crm.transfer.notes import TableRow

CELLS_BESIDE = 3


@dataclass(frozen=True, slots=True)
class EditableCell:
    """One cell of a refused row."""

    at: int
    column: str
    text: str
    problems: tuple[str, ...]


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


def editable(row: TableRow) -> EditableRow:
    """Return the row with each problem at its cell; a problem of no cell is the row's own."""
    wrong = []
    for at, column in enumerate(row.columns):
        problems = tuple(sentence for name, sentence in row.problems if name == column)
        if problems:
            text = row.cells[at] if at < len(row.cells) else ""
            wrong.append(EditableCell(at, column, text, problems))
    own = tuple(sentence for name, sentence in row.problems if name not in row.columns)
    taken = {cell.at for cell in wrong}
    beside = [text for at, text in enumerate(row.cells) if text and at not in taken]
    return EditableRow(row.number, own, tuple(wrong), tuple(beside[:CELLS_BESIDE]))
