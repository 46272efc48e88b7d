"""Everything that was decided about an import before its first row is read."""

from collections.abc import Mapping as Words
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.actors import Actor
from core.records.importing import ImportField, ImportInto, MatchBy
from core.records.registry import RecordType
from crm.transfer.mapping.columns import Column, Mapping
from crm.transfer.options import Options

TAGS = "tags"


@dataclass(frozen=True, slots=True)
class Place:
    """A column in use: where it stands, what it is called, and its field."""

    at: int
    column: Column
    field: ImportField


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes where, how records are recognised, and in whose name."""

    record_type: RecordType
    mapping: Mapping
    options: Options
    actor: Actor
    writes: bool
    # By a row's number, the fields whose values stay as they are on the record it is about.
    kept: Words[str, Sequence[str]] = field(default_factory=dict)

    @property
    def importer(self) -> ImportInto:
        """What a file may bring: the fields that the actor may write."""
        return self.record_type.importer.for_writing()

    @property
    def width(self) -> int:
        return len(self.mapping.columns)

    @property
    def matchers(self) -> list[MatchBy]:
        return self.importer.matchers(self.options.match)

    def places(self) -> list[Place]:
        """Return the columns in use, in the file's order."""
        found = (
            (at, column, self.importer.field(column.field)) for at, column in self.mapping.used()
        )
        return [Place(at, column, field) for at, column, field in found if field is not None]

    def column_named(self, field: str) -> str:
        """Return what people call the field in this file, else what we call it."""
        known = self.importer.field(field)
        feeding = (each.name for each in self.importer.fields if each.feeds == field)
        named = (self.mapping.column_of(name) for name in (field, *feeding))
        return next(filter(None, named), str(known.label) if known else "")

    def linked(self) -> list[ImportField]:
        """Return the fields whose words become records; what makes records comes last."""
        found = {place.field.name: place.field for place in self.places() if place.field.lookup}
        if self.options.tags and (tags := self.importer.field(TAGS)):
            found[tags.name] = tags
        return sorted(found.values(), key=lambda each: bool(each.lookup and each.lookup.create))

    def family(self) -> ImportField | None:
        """Return the mapped field whose words may be other rows of the same file, if there is one."""
        fields = (place.field for place in self.places())
        return next((field for field in fields if field.lookup and field.lookup.in_file), None)
