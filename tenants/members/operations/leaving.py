"""Closing a member's log-in, one's own too, and opening it again."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize, can
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from core.isolation.scope import control_plane, current_workspace
from tenants.members.directory import forget_member, remember_member
from tenants.members.giving import refuse_beyond
from tenants.members.leaving import FAREWELLS
from tenants.members.models import LoginToken, Role, User
from tenants.members.operations.roles import lock_owners, refuse_last_owner
from tenants.members.operations.sessions import end_sessions
from tenants.members.permissions import MANAGE_MEMBERS, MANAGE_SERVICE_ACCOUNTS
from tenants.members.seats import take_seat


class NotYourself(OperationError):
    code = "not_yourself"
    message = _("You cannot deactivate yourself. Leave the workspace in your profile instead.")


@transaction.atomic
def deactivate_member(member: User, *, successor: User | None, actor: Actor) -> User:
    """Close a member's log-in at once and hand what they own to a successor.

    Their sessions, log-in links and API keys end in the same step. Without a successor their
    records stay theirs, where everybody who sees all owners finds them.
    """
    lock_owners()
    member = User.objects.select_related("role").lock(member.pk)
    authorize(actor, manages(member))
    refuse_beyond(member.role, actor=actor)
    if member.pk == actor.user_id:
        raise NotYourself
    if not member.is_active:
        return member
    return _close(member, successor, actor)


@transaction.atomic
def leave_workspace(*, successor: User | None, actor: Actor) -> User:
    """Close one's own log-in at once and hand what one owns to a successor.

    Who manages members chooses the successor, or none; the records of others go to whom
    `default_successor` names. The last owner has to find another one first.
    """
    lock_owners()
    # A program leaves nothing: it is not somebody who could come back.
    if actor.kind != "member" or actor.user_id is None:
        raise PermissionDenied
    member = User.objects.select_related("role").lock(actor.user_id)
    if not can(actor, MANAGE_MEMBERS):
        successor = default_successor(member)
    return _close(member, successor, actor)


def default_successor(member: User) -> User | None:
    """Return who takes over from a member unless somebody is chosen: who manages their team, else an owner."""
    others = User.objects.active_people().exclude(pk=member.pk)
    manages = others.filter(managed_teams__members=member).order_by("managed_teams__name")
    owners = others.filter(role__key=Role.Key.OWNER).order_by("joined_at", "pk")
    return manages.select_related("role").first() or owners.select_related("role").first()


def _close(member: User, successor: User | None, actor: Actor) -> User:
    """End all that lets the member in and hand over what they own; everything in this transaction."""
    others = User.objects.active_people().exclude(pk=member.pk)
    if successor is not None and not others.filter(pk=successor.pk).exists():
        raise ValidationError({"successor": _("Choose an active member other than this one.")})
    if member.role.key == Role.Key.OWNER:
        refuse_last_owner(member)
    member.is_active = False
    member.save(update_fields=["is_active"])
    end_sessions(member)
    LoginToken.objects.filter(user=member).delete()
    for farewell in FAREWELLS:
        farewell(member, successor, actor=actor)
    told = {"successor": str(successor.pk)} if successor else {}
    emit("member.deactivated", member, actor=actor, **told)
    workspace = current_workspace()
    with control_plane("note where a member cannot sign in any more"):
        forget_member(workspace.id, member.email)
    return member


@transaction.atomic
def reactivate_member(member: User, *, actor: Actor) -> User:
    """Open a member's log-in again; keys and sessions that ended stay ended."""
    member = User.objects.select_related("role").lock(member.pk)
    authorize(actor, manages(member))
    refuse_beyond(member.role, actor=actor)
    if member.is_active:
        return member
    if not member.is_service:
        take_seat()
    member.is_active = True
    member.save(update_fields=["is_active"])
    emit("member.reactivated", member, actor=actor)
    if member.is_service:
        return member
    workspace = current_workspace()
    with control_plane("note where a member can log in again"):
        remember_member(workspace.id, member.email)
    return member


def manages(member: User) -> str:
    """Return the permission to close and open this one's log-in or keys."""
    return MANAGE_SERVICE_ACCOUNTS if member.is_service else MANAGE_MEMBERS
