"""The part of a key's form that names single permissions, each perhaps with a scope."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from django import forms

from core.actors import Scope
from core.forms import Form, dress
from core.permissions import VERBS, Permission, permissions
from core.records.registry import record_types
from tenants.members.comparing import SCOPES
from tenants.members.forms.roles import AREAS, NONE
from tenants.members.models.roles import Rights

PREFIX = "right-"


class Line(NamedTuple):
    """What may be done with one type of record, in the order of the verbs."""

    label: Any
    fields: list[tuple[Any, forms.BoundField]]


class SinglesForm(Form):
    """A field for each permission that is held, with no wider scope than it is held with."""

    def __init__(self, *args: Any, held: Rights, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = [each for each in permissions() if each.name in held.permissions]
        for permission in self.offered:
            field = self.fields[PREFIX + permission.name] = _field(permission, held)
            dress(field.widget)

    @property
    def lines(self) -> Iterator[Line]:
        """Yield a line of the table for each type of record of which something is held."""
        offered = {each.name for each in self.offered}
        for record_type in record_types():
            names = [(label, record_type.permission(verb)) for verb, label in VERBS.items()]
            fields = [(label, self[PREFIX + name]) for label, name in names if name in offered]
            if fields:
                yield Line(record_type.menu.plural, fields)

    @property
    def special(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the special rights under the headings of their areas."""
        found = [each for each in self.offered if not each.verb]
        found.sort(key=lambda each: list(AREAS).index(each.area))
        return [
            (label, [self[PREFIX + each.name] for each in group])
            for label, group in groupby(found, key=lambda each: AREAS[each.area])
        ]

    @property
    def has_singles(self) -> bool:
        """Return whether a permission is chosen, or was chosen wrongly, so that it has to be seen."""
        names = [PREFIX + each.name for each in self.offered]
        return any(self[name].value() or name in self.errors for name in names)

    def singles(self) -> list[str]:
        """Return the permissions that were chosen, as grants."""
        said = [(each, self.cleaned_data.get(PREFIX + each.name)) for each in self.offered]
        return [_grant(permission, value) for permission, value in said if value]


def _field(permission: Permission, held: Rights) -> forms.Field:
    if not permission.has_scope:
        return forms.BooleanField(label=permission.label, required=False)
    order = list(Scope)
    widest = order.index(held.scope(permission.name) or Scope.OWN)
    choices = [NONE, *((each, SCOPES[each]) for each in order[: widest + 1])]
    return forms.ChoiceField(label=permission.label, choices=choices, required=False)


def _grant(permission: Permission, value: Any) -> str:
    is_whole = value is True or value == Scope.ALL
    return permission.name if is_whole else f"{permission.name}:{value}"
