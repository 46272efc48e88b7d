"""What two sets of rights differ in, and what a change of a role would do to those who have it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import can
from core.actors import Actor, Scope
from core.field_rights import FieldRights
from core.permissions import VERBS, permission_named, permissions
from core.records.counting import Count, count_of
from core.records.registry import RecordType, record_types
from core.records.telling import FIELD_RIGHTS
from tenants.members.models import Role, User
from tenants.members.models.reach import reach_of
from tenants.members.models.roles import Rights, grants_of, rights_of

# Of so many members it is counted what they would see; the others change alike.
COUNTED = 10
SCOPES = {
    Scope.OWN: gettext_lazy("Own"),
    Scope.TEAM: gettext_lazy("Team"),
    Scope.BELOW: gettext_lazy("Team and below"),
    Scope.ALL: gettext_lazy("All"),
}


class Difference(NamedTuple):
    """A right that is not the same: under which heading, what it is called, and both sides in words.

    `below` is what it is called where the heading stands above it.
    """

    area: str
    label: str
    before: str
    after: str
    verb: str = ""

    @property
    def below(self) -> str:
        return self.verb or self.label


@dataclass(frozen=True, slots=True)
class Sight:
    """How many records of a type a member sees today, and how many they would see."""

    member: User
    things: str
    before: Count
    after: Count


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change of a role would do: the rights that change, whom, and what they would see."""

    differences: Sequence[Difference]
    members: int
    sights: Sequence[Sight]


def differences(before: Rights, after: Rights) -> list[Difference]:
    """Return what the two allow differently, in the order of a role's page."""
    return [*_of_records(before, after), *_special(before, after), *_of_fields(before, after)]


def _of_records(before: Rights, after: Rights) -> Iterator[Difference]:
    for record_type in record_types():
        for each in permissions():
            if each.verb and each.record_type == record_type.name:
                sides = _said(before, each.name), _said(after, each.name)
                if sides[0] != sides[1]:
                    heading, verb = str(record_type.menu.plural), str(VERBS[each.verb])
                    yield Difference(heading, str(each.label), *sides, verb)


def _special(before: Rights, after: Rights) -> Iterator[Difference]:
    for each in permissions():
        sides = _said(before, each.name), _said(after, each.name)
        if not each.verb and sides[0] != sides[1]:
            yield Difference(_("Special rights"), str(each.label), *sides)


def _of_fields(before: Rights, after: Rights) -> Iterator[Difference]:
    for record_type in record_types():
        for name in record_type.governed:
            sides = (
                _field(record_type, name, before.fields),
                _field(record_type, name, after.fields),
            )
            if sides[0] != sides[1]:
                label = str(record_type.form.label_of(name))
                yield Difference(f"{record_type.menu.plural} · {_('Fields')}", label, *sides)


def _said(rights: Rights, name: str) -> str:
    scope = rights.scope(name)
    if scope is None:
        return _("No")
    return str(SCOPES[scope]) if permission_named(name).has_scope else _("Yes")


def _field(record_type: RecordType, name: str, rights: FieldRights) -> str:
    return str(FIELD_RIGHTS[rights.of(record_type.name, name)])


def changed_rights(role: Role, changes: Mapping[str, Any]) -> Rights:
    """Return what a role would allow with these changes, as `update_role` takes them."""
    rights = role.rights()
    fields = changes.get("fields", rights.fields)
    if "scopes" not in changes:
        return rights._replace(fields=fields)
    try:
        return rights_of(grants_of(changes["scopes"]))._replace(fields=fields)
    except KeyError as unknown:
        raise ValidationError({"scopes": _("There is no such right.")}) from unknown


def rights_in_words(rights: Rights) -> list[Difference]:
    """Return everything the rights allow: what somebody without any would not have."""
    return differences(Rights(frozenset(), {}), rights)


def records_seen(actor: Actor) -> dict[str, Count]:
    """Return how many records of each type the actor sees, by the name of the type."""
    return {each.name: _count(each, actor) for each in record_types()}


def effect_of(role: Role, rights: Rights) -> Effect:
    """Return what it would do if the role allowed this from now on; nothing is changed by asking."""
    people = User.objects.select_related("role").filter(role=role, is_active=True)
    looked_at = people.order_by("given_name", "family_name", "pk")[:COUNTED]
    sights = [sight for member in looked_at for sight in _sights(member, rights)]
    return Effect(differences(role.rights(), rights), people.count(), sights)


def _sights(member: User, rights: Rights) -> Iterator[Sight]:
    """Yield the types of records of which the member would see more or fewer."""
    now = member.as_actor()
    then = replace(
        now,
        permissions=rights.permissions,
        scopes=rights.scopes,
        fields=rights.fields,
        reach=reach_of(member.pk) if rights.scopes else now.reach,
    )
    for record_type in record_types():
        view = record_type.permission("view")
        if can(now, view) == can(then, view) and now.scopes.get(view) == then.scopes.get(view):
            continue
        before, after = _count(record_type, now), _count(record_type, then)
        # Of very many it is not known that they are the same.
        if before != after or not before.is_exact:
            yield Sight(member, str(record_type.menu.plural), before, after)


def _count(record_type: RecordType, actor: Actor) -> Count:
    rows: Any = record_type.model._default_manager
    return count_of(rows.visible_to(actor))
