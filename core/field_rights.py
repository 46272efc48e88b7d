"""What somebody may do with single fields of records, where it is less than with the record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from core.ids import is_id


class FieldRight(StrEnum):
    """What may be done with a field; each includes the one before it.

    Of a hidden field nobody learns anything. A masked one says that there is something, and how a
    text ends.
    """

    HIDDEN = "hidden"
    MASKED = "masked"
    READ = "read"
    WRITE = "write"


SHOWN = (FieldRight.READ, FieldRight.WRITE)
MASK = "••••"
# A shorter text would be told by its end.
SHORTEST_WITH_END = 8
END = 4


@dataclass(frozen=True, slots=True)
class FieldRights:
    """The fields somebody may not both see and change: record type, field, and what they may.

    Names of fields are those that operations take.
    """

    narrowed: frozenset[tuple[str, str, FieldRight]] = frozenset()

    @classmethod
    def read(cls, said: Iterable[str]) -> Self:
        """Return the rights that roles store so: contact.phones:hidden."""
        parts = (each.partition(":") for each in said)
        named = ((*name.partition(".")[::2], FieldRight(right)) for name, _colon, right in parts)
        return cls(frozenset(each for each in named if each[2] != FieldRight.WRITE))

    @classmethod
    def given(cls, rights: Mapping[tuple[str, str], FieldRight]) -> Self:
        """Return these rights; a field that may be written is as any other."""
        told = ((*place, right) for place, right in rights.items() if right != FieldRight.WRITE)
        return cls(frozenset(told))

    def written(self) -> list[str]:
        """Return the rights as roles store them."""
        return sorted(f"{kind}.{name}:{right}" for kind, name, right in self.narrowed)

    def __bool__(self) -> bool:
        return bool(self.narrowed)

    def of(self, record_type: str, field: str) -> FieldRight:
        """Return what may be done with this field."""
        return self.of_type(record_type).get(field, FieldRight.WRITE)

    def of_type(self, record_type: str) -> dict[str, FieldRight]:
        """Return the narrowed fields of a type of records with their rights."""
        return {name: right for kind, name, right in self.narrowed if kind == record_type}

    def shows(self, record_type: str, *fields: str) -> bool:
        """Return whether the values of all these fields may be seen."""
        own = self.of_type(record_type) if self.narrowed else {}
        return all(own.get(each, FieldRight.WRITE) in SHOWN for each in fields)

    def covers(self, other: "FieldRights") -> bool:
        """Return whether no field of the others may be treated more freely than here."""
        order = list(FieldRight)
        return all(
            order.index(other.of(kind, name)) <= order.index(right)
            for kind, name, right in self.narrowed
        )


ALL_FIELDS = FieldRights()


def mask(value: Any) -> Any:
    """Return a value as JSON says it, masked: texts keep how they end, what is none becomes null.

    Lists and what they hold stay as they are built; nothing stays nothing.
    """
    if isinstance(value, Mapping):
        return {name: mask(each) if name not in LABELS else each for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [mask(each) for each in value]
    if not isinstance(value, str) or is_id(value) or value.replace(".", "", 1).isdigit():
        return None
    return mask_text(value) if value else value


def narrowed(said: Mapping[str, Any], rights: Mapping[str, FieldRight]) -> dict[str, Any]:
    """Return what a record says without the fields that are hidden, and with masks on masked ones."""
    return {
        name: mask(value) if rights.get(name) == FieldRight.MASKED else value
        for name, value in said.items()
        if rights.get(name) != FieldRight.HIDDEN
    }


def named_fields(names: Iterable[str], rights: Mapping[str, FieldRight]) -> list[str]:
    """Return those of the names of fields that are not hidden."""
    return [name for name in names if rights.get(name) != FieldRight.HIDDEN]


# What a row of a list is called, or whether it is the first of them, tells nothing of its value.
LABELS = ("label", "primary")


def mask_text(text: str) -> str:
    """Return the mask of a text, with its end where the text is long enough not to be told by it."""
    return f"{MASK} {text[-END:]}" if len(text) >= SHORTEST_WITH_END else MASK
