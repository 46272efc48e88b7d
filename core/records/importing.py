"""What a record type says about importing: its fields, how its records are recognised, who writes them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as declared
from typing import Any, NamedTuple, Self
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from core.actors import Actor
from core.records.writing import Batch

type Text = str | Promise
type Found = Mapping[str, Sequence[UUID]]
type Near = Callable[[str, Actor], Sequence[str]]


class Reading(NamedTuple):
    """What a cell was taken for. A correction is worth telling: the cell says something else."""

    value: Any
    correction: str = ""


class Labelled(str):
    """A value with what its column says of it: a telephone number from the column of mobiles."""

    label: str

    def __new__(cls, text: str, label: str) -> "Labelled":
        made = super().__new__(cls, text)
        made.label = label
        return made


class Cell(NamedTuple):
    """A cell's text, with what is known of its column: a factor, and the decimal sign used there."""

    text: str
    multiply: int = 1
    decimal_sign: str = ""


@dataclass(frozen=True, slots=True)
class Lookup:
    """How words in a cell become other records: an owner by e-mail, a company by name.

    `find` answers with the ids under the words as `key` folds them. With `create`, unknown words
    become records on the way, but for those of which `check` raises ValidationError; those that
    count are made only if wanted, and told, and options only where options are wanted. `in_file`
    names the field of this same record type that the words are of, so that they may also be
    records that other rows of the file make.
    """

    key: Callable[[str], str]
    find: Callable[[Collection[str], Actor], Found]
    missing: Text
    ambiguous: Text
    create: Callable[[Collection[str], Actor], Mapping[str, UUID]] | None = None
    create_permission: str = ""
    check: Callable[[str], None] = lambda word: None
    counts: bool = False
    is_option: bool = False
    in_file: str = ""


@dataclass(frozen=True, slots=True)
class ImportField:
    """Something a column may hold.

    `read` makes a value of a cell, or raises ValidationError; a field with a lookup leaves words.
    `shown` tells what a record has now, `written` what an export writes so that it is read as the
    same again; a field without it is not exported. `also` lists what such columns are called
    elsewhere, and `looks` tells by a cell alone whether it belongs here. A field that `feeds`
    another brings values for that one, under the label it stands for; one that is part of another
    is nothing without it. Sensitive fields are exported only when they are asked for. One that
    may not be written is only exported.
    """

    name: str
    label: Text
    read: Callable[[Cell], Reading]
    shown: Callable[[Any], str]
    also: tuple[str, ...] = ()
    lookup: Lookup | None = None
    is_list: bool = False
    is_number: bool = False
    can_scale: bool = False
    # Smaller numbers than this are usually meant in thousands or millions.
    usual_from: int = 0
    written: Callable[[Any], str] | None = None
    looks: Callable[[str], bool] | None = None
    feeds: str = ""
    stands_for: str = ""
    part_of: str = ""
    is_sensitive: bool = False
    may_write: bool = True

    @property
    def target(self) -> str:
        """The field its values go into."""
        return self.feeds or self.name


@dataclass(frozen=True, slots=True)
class MatchBy:
    """A way to recognise a record. `keys` folds the values of `fields` into what `find` is asked with.

    One that is not offered is the last resort for rows that have nothing else.
    """

    name: str
    label: Text
    fields: tuple[str, ...]
    keys: Callable[[Mapping[str, Any]], Collection[str]]
    find: Callable[[Collection[str], Actor], Found]
    is_offered: bool = True


@dataclass(frozen=True, slots=True)
class ImportInto:
    """How a file becomes records.

    `compose` turns a row's values into what the operations take, given the record they change.
    `check` reads rows as the operations would, and writes nothing. `places` says which field an
    operation's problem is about when it does not name one: a phone's number is the field phone.
    `prepare` reads along what the check compares, `export` what the fields of these `names` write.
    `behind` names the fields a list shows as one column, `parts` those that are together one field
    of the operations. `near` finds, for a cell that cannot be
    read, what may be meant instead.
    """

    fields: tuple[ImportField, ...]
    match: tuple[MatchBy, ...]
    compose: Callable[[Mapping[str, Any], Any], dict[str, Any]]
    create: Callable[..., Batch[Any]]
    update: Callable[..., Batch[Any]]
    check: Callable[..., Batch[Any]]
    prepare: Callable[[QuerySet[Any]], QuerySet[Any]]
    export: Callable[..., QuerySet[Any]]
    places: Mapping[str, str]
    behind: Mapping[str, tuple[str, ...]] = declared(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = declared(default_factory=dict)
    near: Mapping[str, Near] = declared(default_factory=dict)

    def for_writing(self) -> Self:
        """Return the same with those fields alone that may be written."""
        fields = tuple(field for field in self.fields if field.may_write)
        return self if len(fields) == len(self.fields) else replace(self, fields=fields)

    def governed_by(self, field: ImportField) -> str:
        """Return the operations' field that this one is, or is a part of."""
        whole = (name for name, parts in self.parts.items() if field.target in parts)
        return next(whole, field.target)

    def field(self, name: str) -> ImportField | None:
        """Return the field of this name, or None."""
        return next((known for known in self.fields if known.name == name), None)

    def exported(self) -> list[ImportField]:
        """Return the fields an export has columns for."""
        return [field for field in self.fields if field.written]

    def matchers(self, chosen: str) -> list[MatchBy]:
        """Return the ways to recognise a record, the chosen one first."""
        return sorted(self.match, key=lambda matcher: matcher.name != chosen)

    def field_at(self, path: str) -> str:
        """Return which field an operation's problem is about: phones.0.number is the phone."""
        parts = path.split(".")
        named = {field.name for field in self.fields}
        return next(
            (part for part in reversed(parts) if part in named), self.places.get(parts[0], "")
        )


def plain(record: Model, name: str) -> str:
    """Return a record's plain value as a person reads it."""
    value = getattr(record, name)
    return "" if value is None else str(value)
