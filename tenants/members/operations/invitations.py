"""Inviting people into a workspace, and coming in by an invitation."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from core.isolation.scope import current_workspace
from core.mail import send
from core.secret_hashes import hash_of
from tenants.members.giving import authorize_filling, refuse_beyond
from tenants.members.models import INVITATION_LIFETIME, Invitation, Role, Team, User
from tenants.members.operations.joining import Newcomer, admit
from tenants.members.pasted import Pasted
from tenants.members.permissions import MANAGE_MEMBERS
from tenants.members.seats import SeatsTaken, take_seat

MOST_AT_ONCE = 200
# So long one that ran out can still be sent anew.
KEPT = timedelta(days=30)


class InvitationSpent(OperationError):
    code = "invitation_spent"
    message = _("This invitation does not work any more. Ask for a new one.")
    status = 410


class Outcome(StrEnum):
    """What became of one address of a list."""

    INVITED = "invited"
    MEMBER = "member"
    DEACTIVATED = "deactivated"
    OPEN = "open"
    NO_ADDRESS = "no_address"
    NO_SEAT = "no_seat"


@dataclass(frozen=True, slots=True)
class Invited:
    """One piece of a list, what became of it, and the invitation that is open now, if one is."""

    pasted: Pasted
    outcome: Outcome
    invitation: Invitation | None = None


@transaction.atomic
def invite_members(
    pasted: Sequence[Pasted],
    *,
    role: Role,
    actor: Actor,
    at: datetime,
    teams: Collection[Team] = (),
) -> list[Invited]:
    """Invite each address of a list that is no member and not invited yet; return what became of each.

    Nobody invites others to more than they may do themselves. The mails follow in a job.
    """
    authorize(actor, MANAGE_MEMBERS)
    authorize_filling([team.pk for team in teams], actor=actor)
    refuse_beyond(role, actor=actor)
    if len(pasted) > MOST_AT_ONCE:
        message = _("Invite %(count)s people at once at most.") % {"count": MOST_AT_ONCE}
        raise ValidationError({"emails": message})
    known = _known([each.email for each in pasted])
    chosen = {"role": role, "team_ids": sorted(team.pk for team in teams)}
    return [_invited(each, known, chosen, actor, at) for each in pasted]


def _known(emails: Iterable[str]) -> dict[str, User | Invitation]:
    """Return who is a member or invited already, by their address in small letters."""
    lowered = {email.lower() for email in emails}
    found: dict[str, User | Invitation] = {}
    for rows in (Invitation.objects.open(), User.objects.all()):
        for row in rows.annotate(lowered=Lower("email")).filter(lowered__in=lowered):
            found[row.email.lower()] = row
    return found


def _invited(
    pasted: Pasted,
    known: dict[str, User | Invitation],
    chosen: dict[str, object],
    actor: Actor,
    at: datetime,
) -> Invited:
    if not pasted.email:
        return Invited(pasted, Outcome.NO_ADDRESS)
    there = known.get(pasted.email.lower())
    if isinstance(there, Invitation):
        return Invited(pasted, Outcome.OPEN, there)
    if there is not None:
        return Invited(pasted, Outcome.MEMBER if there.is_active else Outcome.DEACTIVATED)
    try:
        take_seat()
    except SeatsTaken:
        return Invited(pasted, Outcome.NO_SEAT)
    return Invited(pasted, Outcome.INVITED, _invite(pasted.email, chosen, actor, at))


def _invite(email: str, chosen: dict[str, object], actor: Actor, at: datetime) -> Invitation:
    # One that ran out makes room for the new one.
    Invitation.objects.waiting().filter(email__iexact=email).update(revoked_at=at)
    invitation = Invitation(
        email=email,
        invited_by_id=actor.user_id,
        token_hash=hash_of(_new_secret()),
        created_at=at,
        expires_at=at + INVITATION_LIFETIME,
        **chosen,
    )
    invitation.full_clean()
    invitation.save(force_insert=True)
    emit("invitation.created", invitation, actor=actor, role=str(invitation.role_id))
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, actor: Actor, at: datetime) -> Invitation:
    """Mail an invitation anew, for another seven days; the link that was mailed before ends at once."""
    invitation = _held(invitation)
    authorize(actor, MANAGE_MEMBERS)
    refuse_beyond(invitation.role, actor=actor)
    _refuse_spent(invitation)
    if not invitation.is_open(at):
        take_seat()
    invitation.token_hash = hash_of(_new_secret())
    invitation.expires_at = at + INVITATION_LIFETIME
    invitation.save(update_fields=["token_hash", "expires_at"])
    emit("invitation.renewed", invitation, actor=actor)
    return invitation


@transaction.atomic
def mail_invitation(invitation: Invitation, *, inviter: str, at: datetime) -> None:
    """Make the link here, so that it stands in no job's arguments, and mail it."""
    invitation = _held(invitation)
    if not invitation.is_open(at):
        return
    secret, workspace = _new_secret(), current_workspace()
    invitation.token_hash = hash_of(secret)
    invitation.save(update_fields=["token_hash"])
    url = workspace.url + reverse("members:join", args=[secret])
    context = {"inviter": inviter, "workspace": workspace, "url": url}
    send("invitation", to=invitation.email, language=workspace.language, context=context)


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, actor: Actor, at: datetime) -> Invitation:
    """End an invitation nobody has used yet."""
    invitation = _held(invitation)
    authorize(actor, MANAGE_MEMBERS)
    _refuse_spent(invitation)
    invitation.revoked_at = at
    invitation.save(update_fields=["revoked_at"])
    emit("invitation.revoked", invitation, actor=actor)
    return invitation


def find_invitation(secret: str, *, at: datetime) -> Invitation:
    """Return the invitation this link belongs to; InvitationSpent when it cannot be used."""
    invitation = (
        Invitation.objects.select_related("role").filter(token_hash=hash_of(secret)).first()
    )
    if invitation is None or not invitation.is_open(at):
        raise InvitationSpent
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, newcomer: Newcomer, at: datetime) -> User:
    """Make the invited person a member; their address is proven, because the link came by mail."""
    invitation = _held(invitation)
    if not invitation.is_open(at):
        raise InvitationSpent
    return admit(
        newcomer,
        email=invitation.email,
        user_id=invitation.pk,
        role=invitation.role,
        team_ids=invitation.team_ids,
    )


@transaction.atomic
def forget_old_invitations(*, at: datetime) -> int:
    """Delete invitations that ended long enough ago, with the addresses they name; return how many."""
    return Invitation.objects.filter(expires_at__lt=at - KEPT).delete()[0]


def _held(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_related("role").lock(invitation.pk)


def _refuse_spent(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationSpent


def _new_secret() -> str:
    return secrets.token_urlsafe(32)
