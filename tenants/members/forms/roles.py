"""The form of a role: a table of what may be done with records, and the special rights."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from core.actors import Scope
from core.field_rights import FieldRight, FieldRights
from core.forms import Form, dress
from core.permissions import VERBS, WITHOUT_SCOPE, Permission, permissions
from core.records.registry import RecordType, record_types
from core.records.telling import FIELD_RIGHTS
from tenants.members.comparing import SCOPES
from tenants.members.models.roles import Rights, Role, grants_of, rights_of

NONE = ("", _("None"))
AREAS: Mapping[str, Any] = {
    "members": _("Workspace"),
    "customers": _("Customers"),
    "notes": _("Notes and files"),
    "files": _("Notes and files"),
    "views": _("Saved views"),
    "history": _("History"),
    "keys": _("API"),
}


class Line(NamedTuple):
    """One type of record: over whose records each verb reaches, what is just allowed, and its fields.

    `narrowed` says how many of its fields are not like the others.
    """

    label: Any
    scoped: list[tuple[Any, forms.BoundField]]
    plain: list[tuple[Any, forms.BoundField]]
    governed: list[tuple[Any, forms.BoundField]]
    narrowed: int


class RoleForm(Form):
    """Name, description, a scope for each verb of each type of record, and the special rights."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(label=_("Description"), max_length=300, required=False)

    def __init__(self, *args: Any, rights: Rights, role: Role | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rights = rights
        if role is not None and role.key:
            # Without a name of its own it is called what every workspace calls it, in each language.
            self.fields["name"].required = False
            self.fields["name"].widget.attrs["placeholder"] = str(Role.Key(role.key).label)
        for permission in self.permissions():
            field = self.fields[permission.name] = _field(permission, rights)
            dress(field.widget)
        for record_type in record_types():
            for name in record_type.governed:
                field = self.fields[_key(record_type, name)] = _governed(record_type, name, rights)
                dress(field.widget)

    @staticmethod
    def permissions() -> list[Permission]:
        """Return what a role may be given: all but the rights of owners."""
        return [each for each in permissions() if not each.is_for_owners]

    @property
    def verbs(self) -> list[Any]:
        return list(VERBS.values())

    @property
    def lines(self) -> Iterator[Line]:
        """Yield a line of the table for each type of record."""
        for record_type in record_types():
            reach, plain = (
                [
                    (label, self[record_type.permission(verb)])
                    for verb, label in VERBS.items()
                    if (verb in WITHOUT_SCOPE) is is_plain
                ]
                for is_plain in (False, True)
            )
            governed = [self[_key(record_type, name)] for name in record_type.governed]
            yield Line(
                record_type.menu.plural,
                reach,
                plain,
                [(each.label, each) for each in governed],
                sum(each.value() != FieldRight.WRITE for each in governed),
            )

    @property
    def special(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the special rights under the headings of their areas."""
        found = [each for each in self.permissions() if not each.verb]
        found.sort(key=lambda each: list(AREAS).index(each.area))
        return [
            (label, [self[each.name] for each in group])
            for label, group in groupby(found, key=lambda each: AREAS[each.area])
        ]

    def scopes(self) -> dict[str, Scope]:
        """Return what the role is to allow, as operations take it."""
        said = {each.name: self.cleaned_data[each.name] for each in self.permissions()}
        return {
            name: Scope.ALL if value is True else Scope(value)
            for name, value in said.items()
            if value
        }

    def chosen(self) -> Rights:
        """Return the rights as the form has them."""
        return rights_of(grants_of(self.scopes()))._replace(fields=self.narrowed())

    def narrowed(self) -> FieldRights:
        """Return the fields that are narrowed, as operations take them."""
        places = {
            (record_type.name, name): _key(record_type, name)
            for record_type in record_types()
            for name in record_type.governed
        }
        said = {place: self.cleaned_data[key] for place, key in places.items()}
        # What is not sent stays open, as with a form from before there was the field.
        return FieldRights.given(
            {place: FieldRight(right) for place, right in said.items() if right}
        )


def _key(record_type: RecordType, name: str) -> str:
    return f"{record_type.name}.{name}"


def _governed(record_type: RecordType, name: str, rights: Rights) -> forms.Field:
    form: Any = record_type.form
    return forms.ChoiceField(
        label=form.label_of(name),
        choices=list(FIELD_RIGHTS.items()),
        required=False,
        initial=rights.fields.of(record_type.name, name),
    )


def _field(permission: Permission, rights: Rights) -> forms.Field:
    given = rights.scope(permission.name)
    if not permission.has_scope:
        return forms.BooleanField(
            label=permission.label,
            help_text=permission.hint,
            required=False,
            initial=bool(given),
        )
    choices = [NONE, *SCOPES.items()]
    return forms.ChoiceField(
        label=permission.label, choices=choices, required=False, initial=given or ""
    )
