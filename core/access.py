"""Every permission question in the product is asked here, in one of two ways.

`authorize(actor, permission, record)` guards one record; `visible_to(actor)` on
a queryset guards many. Pages, API, jobs and imports all use the same two.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.actors import Actor

type Rule = Callable[[Actor, Any], bool]
_rules: dict[str, Rule] = {}


def rule(*permissions: str) -> Callable[[Rule], Rule]:
    """Add a per-record condition to permissions that a role alone does not settle."""

    def register(function: Rule) -> Rule:
        _rules.update(dict.fromkeys(permissions, function))
        return function

    return register


def can(actor: Actor, permission: str, record: Model | None = None) -> bool:
    """Return whether the actor may do this, to this record if one is given."""
    if permission not in actor.permissions:
        return False
    if record is None or permission not in _rules:
        return True
    return _rules[permission](actor, record)


def authorize(actor: Actor, permission: str, record: Model | None = None) -> None:
    """Raise PermissionDenied unless the actor may do this."""
    if not can(actor, permission, record):
        raise PermissionDenied(permission)


_declared: dict[str, Any] = {}
_starting_roles: dict[str, tuple[str, ...]] = {}


def declare(permission: str, label: Any, *, roles: tuple[str, ...] = ()) -> str:
    """Make a permission known and return its name; new workspaces give it to these roles."""
    _declared[permission] = label
    _starting_roles[permission] = roles
    return permission


def all_permissions() -> frozenset[str]:
    """Return the names of every permission in the product."""
    return frozenset(_declared)


def starting_permissions(role: str) -> list[str]:
    """Return what a role of this key may do in a new workspace."""
    return sorted(name for name, roles in _starting_roles.items() if role in roles)


VIEW_ALL = declare("records.view_all", _("See records of other owners"), roles=("viewer",))


def sees_all_owners(actor: Actor) -> bool:
    """Return whether records of every owner are shown to this actor, or only their own."""
    return VIEW_ALL in actor.permissions
