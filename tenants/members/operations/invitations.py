"""Inviting somebody into a workspace, and coming in by an invitation."""

import secrets
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from core.isolation.scope import current_workspace
from core.mail import send
from tenants.members.giving import refuse_beyond
from tenants.members.models import INVITATION_LIFETIME, Invitation, Role, User
from tenants.members.operations.joining import add_member
from tenants.members.permissions import MANAGE_MEMBERS
from tenants.members.seats import take_seat


class InvitationSpent(OperationError):
    code = "invitation_spent"
    message = _("This invitation does not work any more. Ask for a new one.")
    status = 410


@transaction.atomic
def invite_member(
    email: str, *, role: Role, actor: Actor, language: str, at: datetime
) -> Invitation:
    """Mail somebody a way in that works once, for seven days; an earlier one ends.

    Nobody invites others to more than they may do themselves.
    """
    authorize(actor, MANAGE_MEMBERS)
    refuse_beyond(role, actor=actor)
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("Somebody here already has this e-mail address.")})
    _end_open(email, at)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=email,
        role=role,
        invited_by_id=actor.user_id,
        token_hash=_hash(secret),
        created_at=at,
        expires_at=at + INVITATION_LIFETIME,
    )
    invitation.full_clean()
    invitation.save(force_insert=True)
    emit("invitation.created", invitation, actor=actor, role=role.key)
    _mail(invitation, secret, actor, language)
    return invitation


def _end_open(email: str, at: datetime) -> None:
    open_ones = Invitation.objects.filter(email__iexact=email, accepted_at=None, revoked_at=None)
    open_ones.update(revoked_at=at)


def _mail(invitation: Invitation, secret: str, actor: Actor, language: str) -> None:
    workspace = current_workspace()
    send(
        "invitation",
        to=invitation.email,
        language=language,
        context={
            "inviter": actor.label,
            "workspace": workspace,
            "url": workspace.url + reverse("members:join", args=[secret]),
        },
    )


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, actor: Actor, at: datetime) -> Invitation:
    """End an invitation nobody has used yet."""
    invitation = Invitation.objects.lock(invitation.pk)
    authorize(actor, MANAGE_MEMBERS)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationSpent
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    emit("invitation.revoked", invitation, actor=actor)
    return invitation


def find_invitation(secret: str, *, at: datetime) -> Invitation:
    """Return the invitation this link belongs to; InvitationSpent when it cannot be used."""
    invitation = Invitation.objects.select_related("role").filter(token_hash=_hash(secret)).first()
    if invitation is None or not invitation.is_open(at):
        raise InvitationSpent
    return invitation


@transaction.atomic
def accept_invitation(
    invitation: Invitation,
    *,
    given_name: str,
    family_name: str,
    password: str,
    language: str,
    at: datetime,
) -> User:
    """Make the invited person a member; their address is proven, because the link came by mail."""
    invitation = Invitation.objects.lock(invitation.pk)
    if not invitation.is_open(at):
        raise InvitationSpent
    take_seat()
    user = add_member(
        email=invitation.email,
        password_hash=make_password(password),
        role=invitation.role,
        language=language,
        time_zone=current_workspace().time_zone,
        given_name=given_name,
        family_name=family_name,
    )
    invitation.accepted_at = at
    invitation.save(update_fields=["accepted_at"])
    return user


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
