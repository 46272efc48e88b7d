"""What a role may allow: verbs on records, each with a scope, and special rights."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.actors import Scope

# What people do with records, in the words of a role's table.
VERBS: Mapping[str, Any] = {
    "view": _("See"),
    "add": _("Add"),
    "change": _("Change"),
    "delete": _("Delete"),
    "destroy": _("Destroy"),
    "export": _("Export"),
    "import": _("Import"),
    "bulk": _("Change many"),
    "share": _("Share"),
}
# These bring records in that nobody owns yet, or are ways to do what another verb allows.
WITHOUT_SCOPE = ("add", "import", "bulk")

# The ready-made roles of people who work with customers.
WORKERS = ("manager", "rep", "marketer", "agent")
EVERYBODY = (*WORKERS, "viewer", "compliance", "billing")

_OWN, _TEAM, _BELOW, _ALL = Scope
# What the ready-made roles may do with records of every type; owners and admins may do everything.
STARTING: Mapping[str, Mapping[str, Scope]] = {
    "manager": {
        "view": _ALL, "add": _ALL, "change": _BELOW, "delete": _BELOW, "destroy": _BELOW,
        "export": _BELOW, "import": _ALL, "bulk": _ALL, "share": _BELOW,
    },
    "rep": {
        "view": _TEAM, "add": _ALL, "change": _OWN, "delete": _OWN, "export": _OWN,
        "import": _ALL, "bulk": _ALL, "share": _OWN,
    },
    "marketer": dict.fromkeys(("view", "add", "change", "export", "import", "bulk"), _ALL),
    "agent": dict.fromkeys(("view", "add", "change"), _ALL),
    "viewer": {"view": _ALL},
    "compliance": dict.fromkeys(("view", "change", "delete", "destroy", "export"), _ALL),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Permission:
    """Something a role may allow; `roles` says who starts with it, over whose records.

    With a record type it is a verb on records of that type; without one it is a special right.
    """

    name: str
    label: Any
    roles: Mapping[str, Scope]
    record_type: str = ""
    verb: str = ""
    is_for_owners: bool = False
    # What whoever gives it should know beside the label.
    hint: Any = ""

    @property
    def has_scope(self) -> bool:
        return bool(self.verb) and self.verb not in WITHOUT_SCOPE

    @property
    def area(self) -> str:
        """The part of the product it belongs to."""
        return self.name.partition(".")[0]


_declared: dict[str, Permission] = {}


def declare(
    permission: str,
    label: Any,
    *,
    roles: Iterable[str] = (),
    is_for_owners: bool = False,
    hint: Any = "",
) -> str:
    """Make a special right known and return its name; new workspaces give it to these roles.

    One for owners cannot be given to anybody else.
    """
    _declared[permission] = Permission(
        permission,
        label,
        dict.fromkeys(roles, Scope.ALL),
        is_for_owners=is_for_owners,
        hint=hint,
    )
    return permission


def declare_verbs(area: str, record_type: str, label: Any) -> tuple[str, ...]:
    """Make known what may be done with a type of record; return the names in the order of VERBS."""
    for verb, does in VERBS.items():
        roles = {role: scopes[verb] for role, scopes in STARTING.items() if verb in scopes}
        name = f"{area}.{verb}_{record_type}"
        words = format_lazy("{}{}{}", does, pgettext_lazy("after a label", ": "), label)
        _declared[name] = Permission(name, words, roles, record_type, verb)
    return tuple(f"{area}.{verb}_{record_type}" for verb in VERBS)


def permission_named(name: str) -> Permission:
    """Return what was declared under this name; KeyError when nothing was."""
    return _declared[name]


def permissions() -> tuple[Permission, ...]:
    """Return everything a role may allow, in the order it was declared."""
    return tuple(_declared.values())


def for_owners() -> frozenset[str]:
    """Return the names of the permissions that only owners have."""
    return frozenset(each.name for each in _declared.values() if each.is_for_owners)


def all_permissions() -> frozenset[str]:
    """Return the names of every permission in the product."""
    return frozenset(_declared)
