"""What a record type says about writing its records: the operations, one at a time and many at once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.actors import Actor


@dataclass(frozen=True, slots=True)
class ManyOperations:
    """The same writers for many records at once; each answers with a Batch.

    `update` takes {id: changes}, the others take ids. `delete` moves to the trash, `restore` takes
    out of it, `destroy` ends what lies there. `says` reads a record's values, all those `names`
    or some of them, in the words `update` takes. Of {id: changes}, `lost` names for each record the
    fields that name somebody or something not there any more, with the reason; only `refers` can.
    """

    update: Callable[..., Any]
    delete: Callable[..., Any]
    restore: Callable[..., Any]
    destroy: Callable[..., Any]
    says: Callable[[Any, Collection[str]], dict[str, Any]]
    names: tuple[str, ...]
    lost: Callable[..., dict[UUID, dict[str, str]]]
    refers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RelatedRows:
    """Rows of another table that point at a record. `once_per` may point at a record only once.

    `primary` names the flag that one of the rows of what `once_per` names has to carry. `counted`
    says a number of them in words; the model says with `visible_to` which of them somebody sees.
    """

    model: Any
    field: str
    once_per: str = ""
    primary: str = ""
    counted: Callable[[int], str] | None = None

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.field}"


@dataclass(frozen=True, slots=True)
class Merging:
    """How records of this type become one. `united` names the lists that are joined, and by what
    their rows are recognised; `parents` the fields that name another record of this same type.

    `revive` makes records again with the ids they had, of what they said: {id: values}.
    """

    revive: Callable[..., Any]
    united: Mapping[str, str]
    related: tuple[RelatedRows, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operations:
    """The only writers, each with the permission it asks for.

    `consequences` says to somebody what a deletion takes along, as far as they see it.
    """

    create: Callable[..., Any]
    update: Callable[..., Any]
    delete: Callable[..., Any]
    many: ManyOperations
    merging: Merging
    consequences: Callable[[Any, Actor], Sequence[str]]
