"""Making and changing roles, and who has which."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ManyToOneRel
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor, Scope
from core.errors import OperationError
from core.events.bus import emit
from core.field_rights import ALL_FIELDS, FieldRights
from core.permissions import for_owners
from core.records.registry import record_types
from tenants.members.giving import RightsExceeded, refuse_beyond, rights_of_actor
from tenants.members.models import Invitation, Role, User
from tenants.members.models.roles import grants_of, rights_of
from tenants.members.permissions import MANAGE_ROLES, TRANSFER_OWNERSHIP


class RoleFixed(OperationError):
    code = "role_fixed"
    message = _("Owners and admins have every right; their roles cannot be edited.")


class RoleInUse(OperationError):
    code = "role_in_use"
    message = _(
        "Members, invitations, e-mail domains, single sign-on or provisioning use this role. Choose another one there first."
    )


class LastOwner(OperationError):
    code = "last_owner"
    message = _("A workspace needs an owner. Make somebody else an owner first.")


class OwnedByPeople(OperationError):
    code = "owned_by_people"
    message = _("A service account cannot own the workspace.")


@transaction.atomic
def create_role(
    *,
    name: str,
    scopes: Mapping[str, Scope],
    actor: Actor,
    description: str = "",
    fields: FieldRights = ALL_FIELDS,
) -> Role:
    """Make a role of the workspace's own that allows this, over whose records and which fields each."""
    authorize(actor, MANAGE_ROLES)
    if not name.strip():
        raise ValidationError({"name": _("Say what the role is called.")})
    role = Role(name=name.strip(), description=description)
    role.grants, role.field_rights = _grants(scopes, fields, actor), fields.written()
    role.full_clean()
    role.save(force_insert=True)
    emit("role.created", role, actor=actor)
    return role


@transaction.atomic
def update_role(role: Role, *, changes: Mapping[str, Any], actor: Actor) -> Role:
    """Change a role's name, description, `scopes` or `fields`; its members have the new rights at once."""
    role = Role.objects.lock(role.pk)
    authorize(actor, MANAGE_ROLES)
    _hold(role, actor)
    changed = {name: changes[name] for name in ("name", "description") if name in changes}
    fields = changes.get("fields", FieldRights.read(role.field_rights))
    if "scopes" in changes:
        changed["grants"] = _grants(changes["scopes"], fields, actor)
    elif "fields" in changes:
        _refuse_giving(role.grants, fields, actor)
    if "fields" in changes:
        changed["field_rights"] = fields.written()
    names = [name for name, value in changed.items() if getattr(role, name) != value]
    for name in names:
        setattr(role, name, changed[name])
    if not role.key and not role.name.strip():
        raise ValidationError({"name": _("Say what the role is called.")})
    if names:
        role.full_clean()
        role.save(update_fields=names)
        emit("role.updated", role, actor=actor, fields=sorted(names))
    return role


@transaction.atomic
def delete_role(role: Role, *, actor: Actor) -> None:
    """Delete a role of the workspace's own that nobody has and nothing gives."""
    role = Role.objects.lock(role.pk)
    authorize(actor, MANAGE_ROLES)
    _hold(role, actor)
    if role.key or _is_in_use(role):
        raise RoleInUse
    emit("role.deleted", role, actor=actor)
    Invitation.objects.filter(role=role).delete()
    role.delete()


@transaction.atomic
def change_role(member: User, role: Role, *, actor: Actor) -> User:
    """Give a member another role, and with it its rights, from their next click on."""
    lock_owners()
    member = User.objects.select_related("role").lock(member.pk)
    authorize(actor, MANAGE_ROLES)
    refuse_beyond(member.role, role, actor=actor)
    if member.role_id == role.pk:
        return member
    if role.key == Role.Key.OWNER and member.is_service:
        raise OwnedByPeople
    if member.role.key == Role.Key.OWNER and member.is_active:
        refuse_last_owner(member)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    emit("member.role_changed", member, actor=actor, before=str(before.pk), after=str(role.pk))
    return member


@transaction.atomic
def transfer_ownership(member: User, *, actor: Actor) -> User:
    """Make a member an owner in one's own place; one stays an admin."""
    authorize(actor, TRANSFER_OWNERSHIP)
    member = change_role(member, Role.objects.get(key=Role.Key.OWNER), actor=actor)
    own = User.objects.select_related("role").get(pk=str(actor.user_id))
    change_role(own, Role.objects.get(key=Role.Key.ADMIN), actor=actor)
    return member


def lock_owners() -> None:
    """Let those who change who owns the workspace take turns, so that somebody is always left."""
    Role.objects.select_for_update().get(key=Role.Key.OWNER)


def is_last_owner(member: User) -> bool:
    """Return whether this active member is the only owner."""
    if member.role.key != Role.Key.OWNER:
        return False
    owners = User.objects.filter(role__key=Role.Key.OWNER, is_active=True)
    return not owners.exclude(pk=member.pk).exists()


def refuse_last_owner(member: User) -> None:
    """Refuse to go on when this active member is the only owner. Call `lock_owners` first."""
    if is_last_owner(member):
        raise LastOwner


def _hold(role: Role, actor: Actor) -> None:
    if role.has_everything:
        raise RoleFixed
    refuse_beyond(role, actor=actor)


def _is_in_use(role: Role) -> bool:
    """Return whether anything in the product has the role; invitations that are over do not count."""
    if Invitation.objects.waiting().filter(role=role).exists():
        return True
    # Whoever made the model: deleting the role would end, or quietly change, what points at it.
    return any(
        each.related_model._base_manager.filter(**{each.field.name: role}).exists()
        for each in Role._meta.get_fields(include_hidden=True)
        if isinstance(each, ManyToOneRel) and each.related_model is not Invitation
    )


def _grants(scopes: Mapping[str, Scope], fields: FieldRights, actor: Actor) -> list[str]:
    """Return what the role is to store; refuses what the actor may not do or nobody but owners may."""
    try:
        grants = grants_of(scopes)
    except KeyError as unknown:
        raise ValidationError({"scopes": _("There is no such right.")}) from unknown
    if for_owners() & scopes.keys():
        raise RightsExceeded
    _refuse_giving(grants, fields, actor)
    return grants


def _refuse_giving(grants: Iterable[str], fields: FieldRights, actor: Actor) -> None:
    """Refuse fields that no record has, and rights that the actor does not have."""
    known = {(each.name, name) for each in record_types() for name in each.governed}
    if not {(kind, name) for kind, name, _right in fields.narrowed} <= known:
        raise ValidationError({"fields": _("There is no such field.")})
    if not rights_of_actor(actor).covers(rights_of(grants)._replace(fields=fields)):
        raise RightsExceeded
