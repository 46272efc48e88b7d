"""Which columns an export has: those of a list, or all that a record type can be read from again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.records.importing import ImportField
from core.records.registry import RecordType

type Choice = Literal["shown", "all", "everything"]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one export, in order."""

    fields: tuple[ImportField, ...]

    @property
    def names(self) -> list[str]:
        return [field.name for field in self.fields]

    @property
    def labels(self) -> list[str]:
        return [str(field.label) for field in self.fields]


def columns_of(
    record_type: RecordType, choice: Choice, shown: Sequence[str] | None = None
) -> Columns:
    """Return the columns chosen; sensitive ones only when everything is asked for."""
    fields = record_type.importer.exported()
    if choice != "everything":
        fields = [field for field in fields if not field.is_sensitive]
    if choice == "shown":
        wanted = _behind(record_type, shown)
        fields = [field for field in fields if field.name in wanted]
    return Columns(tuple(fields))


def _behind(record_type: RecordType, shown: Sequence[str] | None) -> set[str]:
    """Return the fields behind the columns of a list: a name is two of them."""
    usual = [column.name for column in record_type.listing.columns if column.is_shown]
    behind = record_type.importer.behind
    return {field for name in shown or usual for field in behind.get(name, (name,))}
