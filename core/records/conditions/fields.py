"""What a record type can be filtered by: each field once, with its kind and where its values are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Literal

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from core.actors import Actor

type Text = str | Promise
type FieldKind = Literal[
    "text", "name", "number", "day", "moment", "choice", "reference", "member", "tags", "flag",
    "sealed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and what their day is. `is_exact` asks for certainty at whatever cost."""

    actor: Actor
    today: date
    zone: tzinfo
    is_exact: bool = False

    def begin(self, day: date) -> datetime:
        """Return the instant the day begins where the person is."""
        return datetime.combine(day, datetime.min.time(), self.zone)


def asking(actor: Actor, *, is_exact: bool = False) -> Asking:
    """Return the question of this person, here and now."""
    return Asking(actor, timezone.localdate(), timezone.get_current_timezone(), is_exact)


@dataclass(frozen=True, slots=True)
class FilterField:
    """A field conditions can ask about.

    `path` is the column; a field that lies elsewhere says in `matching` which rows have one of
    the values, and in `filled` which have any. `read` understands what a person writes, `options`
    has the choices, `describe` words for a value that is not among them. `pick` names the address
    that suggests values while somebody types, and `find` turns what they typed into a value;
    `quick` is the name under which the list's quick filters have the same choices, and `tells` the
    field whose values are asked for, where it is called otherwise.
    """

    name: str
    label: Text
    kind: FieldKind
    path: str = ""
    options: Callable[[], Sequence[tuple[str, Text]]] | None = None
    read: Callable[[str], Any] | None = None
    matching: Callable[[Sequence[Any], Asking], Q] | None = None
    filled: Callable[[], Q] | None = None
    describe: Callable[[str], Text] | None = None
    pick: str = ""
    find: Callable[[str, Actor], str] | None = None
    quick: str = ""
    tells: str = ""

    @property
    def column(self) -> str:
        return self.path or self.name


@dataclass(frozen=True, slots=True)
class Relation:
    """Another record type whose fields can be asked too: company.industry.

    `link` says which rows belong to one of the related rows it is given; `tells` is the field, of
    which type, that says so.
    """

    name: str
    label: Text
    model: type[Model]
    link: Callable[[QuerySet[Any]], Q]
    tells: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Filterable:
    """Everything conditions may ask about records of one type."""

    fields: tuple[FilterField, ...] = ()
    relations: tuple[Relation, ...] = ()

    @property
    def by_name(self) -> Mapping[str, FilterField]:
        return {field.name: field for field in self.fields}

    @property
    def relations_by_name(self) -> Mapping[str, Relation]:
        return {relation.name: relation for relation in self.relations}
