"""Asking to join by an address of a proven domain, and coming in by the link that was mailed there."""

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from core.actors import Actor
from core.events.bus import emit
from core.isolation.scope import current_workspace
from core.mail import send
from core.secret_hashes import hash_of
from tenants.members.models import Invitation, JoinRequest, MailDomain, User
from tenants.members.models.domains import JOIN_LIFETIME
from tenants.members.name_system import domain_name
from tenants.members.operations.invitations import InvitationSpent
from tenants.members.operations.joining import Newcomer, admit

STRANGER = Actor.system("Somebody with an address of the domain")


@transaction.atomic
def ask_to_join(email: str, *, language: str, at: datetime) -> None:
    """Note the wish when the address is of a proven domain; nobody is told whether it is.

    Members and strangers of the domain leave the same trace: what differs is in the mail alone.
    """
    domain = _domain_of(email)
    if domain is None:
        return
    email = f"{email.rpartition('@')[0]}@{domain.name}"
    JoinRequest.objects.filter(email__iexact=email).delete()
    request = JoinRequest.objects.create(
        domain=domain,
        # Mail goes to the very domain that was proven, however its name was written.
        email=email,
        language=language,
        token_hash=hash_of(secrets.token_urlsafe(32)),
        created_at=at,
        expires_at=at + JOIN_LIFETIME,
    )
    emit("join.asked", request, actor=STRANGER)


def _domain_of(email: str) -> MailDomain | None:
    try:
        name = domain_name(email.rpartition("@")[2])
    except ValidationError:
        return None
    return MailDomain.objects.verified().filter(name=name).first()


@transaction.atomic
def answer_join_request(request: JoinRequest, *, at: datetime) -> None:
    """Mail a link that lets the person in, or that they have a log-in already."""
    request = _held(request)
    if not request.is_open(at):
        return
    workspace, secret = current_workspace(), secrets.token_urlsafe(32)
    is_member = User.objects.filter(email__iexact=request.email).exists()
    request.token_hash = hash_of(secret)
    request.save(update_fields=["token_hash"])
    place = reverse("account_login") if is_member else reverse("members:join", args=[secret])
    context = {"workspace": workspace, "url": workspace.url + place, "is_member": is_member}
    send("join_request", to=request.email, language=request.language, context=context)


def find_join_request(secret: str, *, at: datetime) -> JoinRequest:
    """Return the request this link belongs to; InvitationSpent when it cannot be used."""
    rows = JoinRequest.objects.select_related("domain__role")
    request = rows.filter(token_hash=hash_of(secret)).first()
    if request is None or not request.is_open(at):
        raise InvitationSpent
    return request


@transaction.atomic
def accept_join_request(request: JoinRequest, *, newcomer: Newcomer, at: datetime) -> User:
    """Make the person a member as the domain says, or as an invitation that waits for them does."""
    request = _held(request)
    if not request.is_open(at) or User.objects.filter(email__iexact=request.email).exists():
        raise InvitationSpent
    invited = Invitation.objects.open().filter(email__iexact=request.email).first()
    place = invited or request.domain
    user = admit(
        newcomer,
        email=request.email,
        user_id=request.pk,
        role=place.role,
        team_ids=place.team_ids,
    )
    request.delete()
    return user


@transaction.atomic
def forget_join_requests(*, at: datetime) -> int:
    """Delete the requests whose links ran out; return how many."""
    return JoinRequest.objects.filter(expires_at__lte=at).delete()[0]


def _held(request: JoinRequest) -> JoinRequest:
    return JoinRequest.objects.select_related("domain__role").lock(request.pk)
