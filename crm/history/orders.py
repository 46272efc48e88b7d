"""What can be done to many records at once, said as data: a job reads it hours after it was asked for."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.records.registry import RecordType
from core.records.writing import Batch

type Write = Callable[[RecordType, Collection[UUID], "Order", Actor], Batch[Any]]


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to each of the chosen records; the value is as JSON says it."""

    action: str
    field: str = ""
    value: Any = None

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Order":
        return cls(said["action"], said["field"], said["value"])

    def as_json(self) -> dict[str, Any]:
        return {"action": self.action, "field": self.field, "value": self.value}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done: its words, the permission's verb, the field it is about, and who writes it."""

    label: Promise
    icon: str
    verb: str
    write: Write
    field: str = ""


def _set(record_type: RecordType, ids: Collection[UUID], order: Order, actor: Actor) -> Batch[Any]:
    changes = {pk: {order.field: order.value} for pk in ids}
    return record_type.operations.many.update(changes, actor=actor)


def _tag(record_type: RecordType, ids: Collection[UUID], order: Order, actor: Actor) -> Batch[Any]:
    wanted = {str(each) for each in order.value}
    return _retag(record_type, ids, lambda tags: tags | wanted, actor)


def _untag(
    record_type: RecordType, ids: Collection[UUID], order: Order, actor: Actor
) -> Batch[Any]:
    unwanted = {str(each) for each in order.value}
    return _retag(record_type, ids, lambda tags: tags - unwanted, actor)


def _retag(
    record_type: RecordType,
    ids: Collection[UUID],
    change: Callable[[set[str]], set[str]],
    actor: Actor,
) -> Batch[Any]:
    many = record_type.operations.many
    rows: Any = record_type.model._default_manager.all()
    # Held, so that a tag somebody else puts on meanwhile is not lost.
    held = rows.change_visible_to(actor).with_tags().filter(pk__in=ids)
    said = {record.pk: set(many.says(record, ("tags",))["tags"]) for record in held}
    changes = {pk: {"tags": sorted(change(said.get(pk, set())))} for pk in ids}
    return many.update(changes, actor=actor)


def _delete(
    record_type: RecordType, ids: Collection[UUID], order: Order, actor: Actor
) -> Batch[Any]:
    return record_type.operations.many.delete(ids, actor=actor)


ACTIONS: dict[str, Action] = {
    "edit": Action(_("Edit"), "pencil", "change", _set),
    "assign": Action(_("Assign"), "user-plus", "change", _set, field="owner"),
    "tag": Action(_("Add tags"), "tag", "change", _tag, field="tags"),
    "untag": Action(_("Take off tags"), "tag", "change", _untag, field="tags"),
    "delete": Action(_("Delete"), "trash-2", "delete", _delete),
}


def editable_names(record_type: RecordType) -> list[str]:
    """Return the fields that one value for many records makes sense for, in the form's order."""
    form: Any = record_type.form
    known = set(record_type.operations.many.names) - {"tags"} - set(form.lists)
    return [name for _title, names in form.groups for name in names if name in known]
