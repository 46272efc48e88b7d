"""Writing many records at once: checking their values, and answering for each one of them."""

import sys
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import IntegrityError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError

type Refusal = ValidationError | PermissionDenied | OperationError
type Problems = dict[str, list[ValidationError]]

NOT_WRITABLE = ValidationError(
    _("Your role does not include changing this field."), code="field_not_writable"
)
NULL_CHARACTER = ValidationError(_("Null characters are not allowed."), code="null_characters")


class RecordGone(OperationError):
    """The record was deleted meanwhile, or belongs to somebody else now."""

    code = "not_found"
    message = _("This record does not exist any more.")
    status = 404


@dataclass(slots=True)
class Batch[R: Model]:
    """What became of a batch: the records by the caller's own keys, and why others were refused."""

    records: dict[Hashable, R] = field(default_factory=dict)
    changed: dict[Hashable, list[str]] = field(default_factory=dict)
    refusals: dict[Hashable, Refusal] = field(default_factory=dict)

    def only(self) -> R:
        """Return the record of a batch of one, or raise its refusal."""
        for refusal in self.refusals.values():
            raise refusal
        return next(iter(self.records.values()))

    def refuse_missing(self, wanted: Iterable[Hashable]) -> None:
        """Refuse those nobody found."""
        missing = set(wanted) - self.records.keys() - self.refusals.keys()
        self.refusals |= dict.fromkeys(missing, RecordGone())


def permitted[R: Model](
    found: Mapping[Any, R], permission: str, *, actor: Actor
) -> tuple[dict[Any, R], Batch[R]]:
    """Return the records the actor may treat so, and a batch that refuses the others."""
    allowed: dict[Any, R] = {}
    batch: Batch[R] = Batch()
    for key, record in found.items():
        try:
            authorize(actor, permission, record)
        except PermissionDenied as refusal:
            batch.refusals[key] = refusal
        else:
            allowed[key] = record
    return allowed, batch


def writable[K: Hashable, R: Model, W: Collection[str]](
    rows: Mapping[K, tuple[R, W]], *, actor: Actor, batch: Batch[R]
) -> Mapping[K, tuple[R, W]]:
    """Return the rows that name only fields the actor may write; the batch refuses the others."""
    if not actor.fields:
        return rows
    for key, (record, row) in rows.items():
        narrowed = actor.fields.of_type(str(record._meta.model_name))
        if named := narrowed.keys() & set(row):
            batch.refusals[key] = ValidationError({name: [NOT_WRITABLE] for name in sorted(named)})
    return {key: each for key, each in rows.items() if key not in batch.refusals}


def read_each[R: Model, D](
    rows: Mapping[Any, tuple[R, Any]], read: Callable[[R, Any], D], batch: Batch[R]
) -> dict[Hashable, D]:
    """Return what each row says, keeping in the batch which rows were refused and why."""
    drafts: dict[Hashable, D] = {}
    for key, (record, row) in rows.items():
        try:
            drafts[key] = read(record, row)
            batch.records[key] = record
        except ValidationError as refusal:
            batch.refusals[key] = refusal
    return drafts


def set_values(
    record: Model, values: Mapping[str, Any], *, problems: Problems, at: str = ""
) -> list[str]:
    """Clean and set the values; return the names of those that differ from before.

    What is wrong goes into `problems` under the field's path: name, phones.0.number.
    """
    changed = []
    for name, value in values.items():
        try:
            if _set(record, name, value):
                changed.append(name)
        except ValidationError as error:
            problems[f"{at}{name}"] = error.error_list
    return changed


def _set(record: Model, name: str, value: Any) -> bool:
    place = _place_of(type(record), name)
    if isinstance(value, str):
        value = value.strip()
        if "\0" in value:
            raise NULL_CHARACTER
    if value is None and not place.field.null:
        value = ""
    is_fine = type(value) is str and place.shortest <= len(value) <= place.longest
    if not is_fine:
        value = place.field.clean(value, record)
    if getattr(record, place.attname) == value:
        return False
    setattr(record, place.attname, value)
    return True


class _Place(NamedTuple):
    """A field values are set on; texts of these lengths it takes as they are, without being asked."""

    field: Any
    attname: str
    shortest: int
    longest: int


@cache
def _place_of(model: type[Model], name: str) -> _Place:
    model_field: Any = model._meta.get_field(name)
    shortest = 0 if model_field.blank else 1
    return _Place(model_field, model_field.attname, shortest, _longest_text(model_field))


def _longest_text(model_field: Any) -> int:
    """Return how long texts of the field may be; -1 where more than their length is looked at."""
    checks = {type(each) for each in model_field.validators}
    is_text = model_field.empty_strings_allowed and not model_field.choices
    if not is_text or checks - {MaxLengthValidator, ProhibitNullCharactersValidator}:
        return -1
    return sys.maxsize if model_field.max_length is None else int(model_field.max_length)


def normalised(
    values: Mapping[str, Any],
    normalisers: Mapping[str, Callable[[Any], Any]],
    *,
    problems: Problems,
    at: str = "",
) -> dict[str, Any]:
    """Return the values as their normalisers understand them; what one refuses becomes a problem."""
    understood = dict(values)
    for name, normalise in normalisers.items():
        if name not in values:
            continue
        try:
            understood[name] = normalise(values[name])
        except ValidationError as error:
            problems[f"{at}{name}"] = error.error_list
            del understood[name]
    return understood


@contextmanager
def explained(*models: type[Model]) -> Iterator[None]:
    """Put the refusal of one of these models' constraints into the words the constraint declares."""
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        for constraint in _constraints(models):
            if constraint.name == name:
                raise ValidationError(constraint.get_violation_error_message()) from error
        raise


def _constraints(models: Iterable[type[Model]]) -> Iterator[Any]:
    for model in models:
        yield from model._meta.constraints


class RecordInUse(OperationError):
    """Something else needs the record, so it cannot be deleted."""

    code = "record_in_use"

    def __init__(self, needing: int) -> None:
        super().__init__()
        self.message = ngettext(
            "Another record still needs this one. Change or delete it first.",
            "%(count)s other records still need this one. Change or delete them first.",
            needing,
        ) % {"count": needing}
