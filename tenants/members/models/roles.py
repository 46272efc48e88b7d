"""Roles: what their members may do, over whose records, and with which fields."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.actors import Scope
from core.field_rights import FieldRights
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.permissions import all_permissions, for_owners, permission_named


class Rights(NamedTuple):
    """What a role allows: the permissions, the scopes of those that are not over all records, and the
    fields that may not both be seen and changed."""

    permissions: frozenset[str]
    scopes: Mapping[str, Scope]
    fields: FieldRights = FieldRights()

    def scope(self, permission: str) -> Scope | None:
        """Return over whose records the permission is, or None when it is not given."""
        if permission not in self.permissions:
            return None
        return self.scopes.get(permission, Scope.ALL)

    def covers(self, other: "Rights") -> bool:
        """Return whether whoever has these could do everything the others allow."""
        order = list(Scope)
        is_within = all(
            order.index(other.scopes.get(each, Scope.ALL)) <= order.index(scope)
            for each, scope in self.scopes.items()
            if each in other.permissions
        )
        is_known = other.permissions <= self.permissions
        return is_known and is_within and self.fields.covers(other.fields)


class RoleQuerySet(WorkspaceQuerySet["Role"]):
    """Reads of roles."""

    def in_order(self) -> Self:
        """Return the ready-made roles from the widest to the narrowest, then the workspace's own."""
        places = (When(key=key, then=Value(place)) for place, key in enumerate(Role.Key.values))
        return self.order_by(Case(*places, default=Value(len(Role.Key.values))), "name", "pk")


class Role(WorkspaceModel):
    """A named set of rights. Owners and admins have all there are, whatever releases bring.

    `grants` holds names of permissions, `customers.view_contact:team` where one is not over
    everybody's records; `field_rights` the fields that are narrowed, `contact.phones:hidden`.
    """

    class Key(models.TextChoices):
        OWNER = "owner", pgettext_lazy("role", "Owner")
        ADMIN = "admin", _("Admin")
        MANAGER = "manager", _("Sales manager")
        REP = "rep", _("Sales rep")
        MARKETER = "marketer", _("Marketer")
        AGENT = "agent", _("Service agent")
        VIEWER = "viewer", _("Viewer")
        COMPLIANCE = "compliance", _("Compliance officer")
        BILLING = "billing", _("Billing")

    # Empty for a role that the workspace made itself.
    key = models.CharField(max_length=40, blank=True, editable=False)
    name = models.CharField(_("Name"), max_length=80, blank=True)
    description = models.CharField(_("Description"), max_length=300, blank=True)
    grants = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    field_rights = ArrayField(
        models.CharField(max_length=100),
        default=list,
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=100))),
        blank=True,
    )
    # What releases have given the role so far, so that what an admin took away stays away.
    offered = ArrayField(models.CharField(max_length=80), default=list, blank=True, editable=False)

    # Since when its members need a second factor; the grace period begins then.
    second_factor_since = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="role_key_once"),
            models.UniqueConstraint(
                Lower("name"),
                condition=~Q(name=""),
                name="role_name_once",
                violation_error_message=_("There is a role of this name already."),
            ),
        )

    def __str__(self) -> str:
        return self.name or str(Role.Key(self.key).label)

    @property
    def has_everything(self) -> bool:
        """Whether its rights are all there are, so that they cannot be edited."""
        return self.key in (Role.Key.OWNER, Role.Key.ADMIN)

    @property
    def needs_second_factor(self) -> bool:
        """Whether its members must have a second factor."""
        return self.second_factor_since is not None

    def rights(self) -> Rights:
        """Return what the role allows today."""
        if self.key == Role.Key.OWNER:
            return Rights(all_permissions(), {})
        if self.key == Role.Key.ADMIN:
            return Rights(all_permissions() - for_owners(), {})
        return rights_of(self.grants)._replace(fields=FieldRights.read(self.field_rights))


def rights_of(grants: Iterable[str]) -> Rights:
    """Return what these grants allow; what no release knows any more allows nothing."""
    known, names, scopes = all_permissions(), set(), {}
    for grant in grants:
        name, _colon, scope = grant.partition(":")
        if name not in known:
            continue
        names.add(name)
        if scope and scope != Scope.ALL:
            scopes[name] = Scope(scope)
    return Rights(frozenset(names), scopes)


def grants_of(scopes: Mapping[str, Scope]) -> list[str]:
    """Return what a role stores for these permissions and their scopes; KeyError for unknown ones."""
    return sorted(
        f"{name}:{scope}" if permission_named(name).has_scope and scope != Scope.ALL else name
        for name, scope in scopes.items()
    )
