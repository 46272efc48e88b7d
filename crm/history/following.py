"""What hangs on records without a foreign key follows them: into another record, and out of existence.

Notes, files and bookmarks name a record by type and id. Each such model says so once with
`follows`, and merging and destroying records takes it along.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from compliance.encryption.introspection import has_sealed_fields
from compliance.encryption.records import reseal
from core.events.models import Event

RESEALED_AT_ONCE = 500
type Moved = Callable[[Sequence[UUID], UUID], None]


def name_of(model: type[Model]) -> str:
    """Return what rows call a record type: contact."""
    return str(model._meta.model_name)


def label_of(model: type[Model]) -> str:
    """Return what events call a record type: customers.contact."""
    return str(model._meta.label_lower)


def delete(rows: QuerySet[Any]) -> None:
    rows.delete()


def keep(rows: QuerySet[Any]) -> None:
    """Leave the rows: that something happened stays known when what it happened to is gone."""


@dataclass(frozen=True, slots=True)
class Follower:
    """A model whose rows name a record.

    `once_per` names what a record may have only one row of, such as a member's star: where the
    other record has one already, the row stays behind. `moved` is called with the ids of rows
    that now hang on another record, after they were resealed under its key. `counted` says a
    number of those that are present in words, for who is about to move them. `needs` names what
    whoever merges must be allowed to do with the other record, such as share; else the rows stay behind.
    """

    model: Any
    type_field: str = "record_type"
    id_field: str = "record_id"
    said: Callable[[type[Model]], str] = name_of
    once_per: tuple[str, ...] = ()
    moved: Moved | None = None
    destroy: Callable[[Any], Any] = field(default=delete)
    counted: Callable[[int], str] | None = None
    needs: str = ""

    def of(self, model: type[Model], ids: Sequence[UUID]) -> Any:
        """Return the rows that hang on these records."""
        rows = self.model._default_manager.filter(**{self.type_field: self.said(model)})
        return rows.filter(**{f"{self.id_field}__in": ids})

    def move(self, rows: Any, target: UUID) -> list[UUID]:
        """Hang these rows on another record, sealed under its key; return the ids of those that moved."""
        held = list(rows.select_for_update(of=("self",)).order_by("pk"))
        for row in held:
            setattr(row, self.id_field, target)
        ids = [row.pk for row in held]
        self.model._default_manager.filter(pk__in=ids).update(**{self.id_field: target})
        if has_sealed_fields(self.model):
            for start in range(0, len(held), RESEALED_AT_ONCE):
                reseal(held[start : start + RESEALED_AT_ONCE])
        if self.moved is not None and ids:
            self.moved(ids, target)
        return ids

    def free_to_move(self, model: type[Model], source: UUID, target: UUID) -> Any:
        """Return the rows of one record that the other may have as well."""
        rows = self.of(model, [source])
        if not self.once_per:
            return rows
        taken = set(self.of(model, [target]).values_list(*self.once_per))
        mine = rows.values_list("pk", *self.once_per)
        return rows.filter(pk__in=[pk for pk, *key in mine if tuple(key) not in taken])


_followers: dict[str, Follower] = {}


def follows(follower: Follower) -> Follower:
    """Have rows of this model follow their records; called once for each, when the application starts."""
    _followers[follower.model._meta.label] = follower
    return follower


def followers() -> Iterator[Follower]:
    yield from _followers.values()


def follower_named(label: str) -> Follower | None:
    """Return the follower of this model (events.Event), or None."""
    return _followers.get(label)


follows(
    Follower(Event, type_field="subject_type", id_field="subject_id", said=label_of, destroy=keep)
)
