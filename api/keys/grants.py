"""What a key may be limited to: names of permissions, each perhaps with a scope, or names of groups."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.actors import Scope
from core.permissions import permissions
from core.records.registry import record_types
from tenants.members.models.roles import Rights, rights_of

READ, WRITE = "read", "write"
READING = ("view", "export")
# Destroying for good has to be named by itself.
WRITING = (*READING, "add", "change", "delete", "import", "bulk", "share")
# Parts of the product beside the records; some ask for no permission, so that a key needs the group.
PARTS: Mapping[str, Any] = {
    "notes": _("Notes"),
    "files": _("Files"),
    "imports": _("Imports"),
    "views": _("Saved views"),
    "history": _("History"),
    "members": _("Members and settings"),
    "own": _("Own favourites and notifications"),
    "keys": _("API keys"),
}
MOST = 60
_ORDER = list(Scope)


def group_names() -> dict[str, Any]:
    """Return the name of every group and what people call it."""
    kinds = {kind.menu.slug: kind.menu.plural for kind in record_types()}
    return kinds | dict(PARTS)


def check_grants(grants: Collection[str]) -> list[str]:
    """Return the grants in order, each once; ValidationError when one of them is unknown."""
    known = {each.name: each for each in permissions()}
    groups = {f"{name}:{how}" for name in group_names() for how in (READ, WRITE)}
    for grant in grants:
        name, _colon, scope = grant.partition(":")
        has_scope = name in known and (not scope or (known[name].has_scope and scope in _ORDER))
        if not has_scope and grant not in groups:
            message = _("“%(grant)s” is neither a permission nor a group.")
            raise ValidationError({"grants": message % {"grant": grant[:100]}})
    if not grants or len(grants) > MOST:
        raise ValidationError({"grants": _("Name 1 to 60 permissions or groups.")})
    return sorted(set(grants))


def rights_within(held: Rights, grants: Iterable[str]) -> Rights:
    """Return what somebody with these rights may do through a key limited to these grants."""
    limit = rights_of([plain for grant in grants for plain in _plain(grant)])
    names = held.permissions & limit.permissions
    narrowed = {
        name: min(held.scope(name) or Scope.OWN, limit.scope(name) or Scope.OWN, key=_ORDER.index)
        for name in names
    }
    return Rights(names, {name: scope for name, scope in narrowed.items() if scope != Scope.ALL})


def opens(grants: Collection[str], group: str, how: str) -> bool:
    """Return whether the grants let a key into a part of the product, to read or to write there."""
    is_named = f"{group}:{WRITE}" in grants or f"{group}:{how}" in grants
    return is_named or any(grant.startswith(f"{group}.") for grant in grants)


def _plain(grant: str) -> list[str]:
    """Return the permissions a grant stands for: itself, or those of the group it names."""
    group, _colon, how = grant.partition(":")
    if "." in group or group not in group_names():
        return [grant]
    verbs = WRITING if how == WRITE else READING
    of_records = [
        kind.permission(verb)
        for kind in record_types()
        if kind.menu.slug == group
        for verb in verbs
    ]
    return of_records or [
        each.name
        for each in permissions()
        if each.area == group and (how == WRITE or each.name.startswith(f"{group}.view"))
    ]
