"""A tree of conditions applied to rows, as the person who asks may see them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.access import can
from core.records.conditions.fields import Asking, FieldKind, Filterable, FilterField, Relation
from core.records.conditions.operators import NO_ROWS, Operator, build, operators_of
from core.records.conditions.tree import Condition, Group, Part, conditions_of, refused

type FilterableOf = Callable[[Any], Filterable]
type PermissionOf = Callable[[Any], str]


def no_such_field(name: str) -> ValidationError:
    """Return the refusal of a field that is not there, for anybody or for who asks."""
    message = _("There is no field “%(name)s” to filter by.")
    return refused(message % {"name": name}, "unknown_field")


@dataclass(frozen=True, slots=True)
class Known:
    """A condition whose field and operator exist; `relation` is the way to another type's field."""

    field: FilterField
    operator: Operator
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class Language:
    """What conditions may speak of: a record type's own fields, and through relations others'."""

    filterable: Filterable
    filterable_of: FilterableOf
    permission_of: PermissionOf

    def known(self, condition: Condition) -> Known:
        """Return what a condition means; raise ValidationError when it means nothing here."""
        field, relation = self._field(condition.field)
        operator = operators_of(field.kind).get(condition.operator) if field else None
        if field is None:
            raise no_such_field(condition.field)
        if operator is None:
            message = _("“%(field)s” cannot be asked “%(operator)s”.")
            said = {"field": field.label, "operator": condition.operator}
            raise refused(message % said, "unknown_operator")
        return Known(field, operator, relation)

    def field_kind(self, name: str) -> FieldKind | None:
        """Return the kind of the field of this name; None when there is none."""
        field, _relation = self._field(name)
        return field.kind if field else None

    def _field(self, name: str) -> tuple[FilterField | None, Relation | None]:
        before, dot, after = name.partition(".")
        if not dot:
            return self.filterable.by_name.get(name), None
        relation = self.filterable.relations_by_name.get(before)
        if relation is None:
            return None, None
        return self.filterable_of(relation.model).by_name.get(after), relation

    def check(self, tree: Group) -> None:
        """Raise ValidationError when a condition means nothing here."""
        for condition in conditions_of(tree):
            self.known(condition)

    def apply(self, tree: Group, rows: QuerySet[Any], asking: Asking) -> QuerySet[Any]:
        """Return those of the rows for which the tree is true."""
        return rows.filter(self._all(tree, asking)) if tree else rows

    def _all(self, part: Part, asking: Asking) -> Q:
        if isinstance(part, Condition):
            return self._one(part, asking)
        found = Q()
        for inner in part.parts:
            condition = self._all(inner, asking)
            found = found & condition if part.joint == "and" else found | condition
        return found

    def _one(self, condition: Condition, asking: Asking) -> Q:
        known = self.known(condition)
        try:
            found = build(known.operator, known.field, condition.values, asking)
        except ValidationError as error:
            raise refused(error.messages[0]) from error
        return found if known.relation is None else self._through(known.relation, found, asking)

    def _through(self, relation: Relation, found: Q, asking: Asking) -> Q:
        """Ask the related rows, but only those this person may see: answers must tell no more."""
        model: Any = relation.model
        if not can(asking.actor, self.permission_of(model)):
            return NO_ROWS
        return relation.link(model._default_manager.visible_to(asking.actor).filter(found))
