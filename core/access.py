"""Every permission question in the product is asked here, in one of two ways.

`authorize(actor, permission, record)` guards one record; `visible_to(actor)` on
a queryset guards many. Pages, API, jobs and imports all use the same two.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from core.actors import Actor
from core.permissions import permission_named

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
    if record is None:
        return True
    if permission in actor.scopes and not is_within(actor, permission, record):
        return False
    return permission not in _rules or _rules[permission](actor, record)


def authorize(actor: Actor, permission: str, record: Model | None = None) -> None:
    """Raise PermissionDenied unless the actor may do this; who looks as somebody else may only look."""
    if not can(actor, permission, record):
        raise PermissionDenied(permission)
    if actor.viewer is not None and permission_named(permission).verb != "view":
        raise PermissionDenied(permission)


def is_within(actor: Actor, permission: str, record: Any) -> bool:
    """Return whether the permission, which the actor has, is about this record among others."""
    owners = actor.owners(permission)
    if owners is None or record.owner_id in owners:
        return True
    known = permission_named(permission)
    return record.pk in actor.shared(known.record_type, known.verb)
