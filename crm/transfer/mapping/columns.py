"""Which column goes into which field: as it is kept, and as people write it down."""

from collections.abc import Iterable
from collections.abc import Mapping as Words
from dataclasses import dataclass
from typing import Any, Literal, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import OperationError
from core.records.importing import ImportField, ImportInto

type Confidence = Literal["sure", "known", "likely", "content", "chosen", ""]

type Existing = Literal["overwrite", "fill", "keep"]

FACTORS = (1, 1_000, 1_000_000)
# What a column does to a value that a known record has already.
EXISTING: dict[Existing, Promise] = {
    "overwrite": gettext_lazy("Overwrite"),
    "fill": gettext_lazy("Only fill empty ones"),
    "keep": gettext_lazy("Keep as they are"),
}


class BadMapping(OperationError):
    """The mapping does not fit the file or the record type; the sentence names what."""

    code = "bad_mapping"
    status = 422

    def __init__(self, message: str) -> None:
        super().__init__()
        self.message = message


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file and the field it goes into; no field means it is left out."""

    name: str
    field: str = ""
    multiply: int = 1
    confidence: Confidence = ""
    existing: Existing = "overwrite"

    def as_json(self) -> dict[str, Any]:
        kept: dict[str, Any] = {"column": self.name, "field": self.field}
        if self.multiply != 1:
            kept["multiply"] = self.multiply
        if self.existing != "overwrite":
            kept["existing"] = self.existing
        return kept

    @classmethod
    def from_json(cls, kept: Words[str, Any]) -> Self:
        existing = kept.get("existing", "overwrite")
        return cls(kept["column"], kept["field"], kept.get("multiply", 1), existing=existing)


@dataclass(frozen=True, slots=True)
class Mapping:
    """All columns of a file, in its order."""

    columns: tuple[Column, ...]

    @classmethod
    def from_json(cls, kept: Words[str, Any]) -> Self:
        return cls(tuple(map(Column.from_json, kept["columns"])))

    def as_json(self) -> dict[str, Any]:
        return {"columns": [column.as_json() for column in self.columns]}

    def used(self) -> list[tuple[int, Column]]:
        """Return the columns that go somewhere, with their places in the file."""
        return [(at, column) for at, column in enumerate(self.columns) if column.field]

    def column_of(self, field: str) -> str:
        """Return the name of the first column that goes into the field."""
        return next((column.name for column in self.columns if column.field == field), "")


def read_mapping(written: Any, guessed: Mapping, importer: ImportInto) -> Mapping:
    """Return the guessed mapping with what somebody wrote instead; BadMapping names what does not fit."""
    names = [column.name for column in guessed.columns]
    entries = written.get("columns") if isinstance(written, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadMapping(
            _('A mapping looks like {"columns": [{"column": "revenue", "field": "revenue"}]}.')
        )
    chosen = dict(_read_entry(entry, names, importer) for entry in entries)
    kept = {column.field for column in chosen.values() if column.field}
    return Mapping(tuple(_settled(each, chosen, kept, importer) for each in guessed.columns))


def _settled(
    guessed: Column, chosen: Words[str, Column], kept: set[str], importer: ImportInto
) -> Column:
    """What was written wins over the guess, also where the guess would fill the same field again."""
    if guessed.name in chosen:
        return chosen[guessed.name]
    field = importer.field(guessed.field)
    is_free = field is not None and (field.is_list or field.name not in kept)
    return guessed if is_free else Column(guessed.name)


def _read_entry(
    entry: Words[str, Any], names: Iterable[str], importer: ImportInto
) -> tuple[str, Column]:
    folded_names = {name.casefold(): name for name in names}
    name = folded_names.get(str(entry.get("column", "")).strip().casefold())
    if name is None:
        raise BadMapping(
            _("The file has no column “%(name)s”.") % {"name": entry.get("column", "")}
        )
    wanted = entry.get("field") or ""
    field = importer.field(wanted)
    if wanted and field is None:
        raise BadMapping(_("There is no field “%(name)s”.") % {"name": wanted})
    factor, existing = _factor(entry.get("multiply", 1), field), entry.get("existing", "overwrite")
    if existing not in EXISTING:
        raise BadMapping(_("What becomes of existing values is overwrite, fill or keep."))
    return name, Column(name, wanted, factor, "chosen", existing)


def _factor(written: Any, field: ImportField | None) -> int:
    if written in (1, None):
        return 1
    if field is None or not field.can_scale:
        raise BadMapping(_("Only numbers can be multiplied."))
    if not isinstance(written, int) or isinstance(written, bool) or not 1 <= written <= 10**9:
        raise BadMapping(_("A factor is a whole number from 1 to 1,000,000,000."))
    return written


def refuse_twice(mapping: Mapping, importer: ImportInto) -> None:
    """Raise BadMapping when two columns go into a field that takes one, or none goes anywhere."""
    seen: dict[str, str] = {}
    for _at, column in mapping.used():
        field = importer.field(column.field)
        if field and not field.is_list and column.field in seen:
            raise BadMapping(
                _(
                    "“%(first)s” and “%(second)s” go into the same field, %(field)s. Leave one of them out."
                )
                % {"first": seen[column.field], "second": column.name, "field": field.label}
            )
        seen[column.field] = column.name
    if not seen:
        raise BadMapping(_("No column goes into a field. Choose a field for at least one."))
