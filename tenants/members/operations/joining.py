"""How members come into a workspace: the owner who starts it, and those who join."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Now

from core.events.bus import emit
from core.ids import new_id
from core.isolation.scope import control_plane, current_workspace
from tenants.members.directory import remember_member
from tenants.members.models import ConsentRecord, Invitation, Role, User
from tenants.members.operations.teams import put_into_teams
from tenants.members.seats import take_seat


@dataclass(frozen=True, slots=True)
class Agreement:
    """The terms and the privacy notice somebody accepted, in which version and language."""

    terms_version: str
    privacy_version: str
    language: str
    given_at: datetime


def create_owner(*, agreement: Agreement | None, **person: Any) -> User:
    """Make a workspace's first member, an owner whose address was proven by a code."""
    user = add_member(role=Role.objects.get(key=Role.Key.OWNER), **person)
    if agreement:
        _record(user, agreement)
    return user


@transaction.atomic
def add_member(
    *,
    email: str,
    password_hash: str,
    role: Role,
    language: str,
    time_zone: str,
    given_name: str = "",
    family_name: str = "",
    user_id: UUID | None = None,
) -> User:
    """Make a member whose address is known to be theirs; an invitation of theirs is used up.

    A passkey names its member by their id, so whoever brings one has the id already.
    """
    user = User(
        id=user_id or new_id(),
        email=email,
        password=password_hash,
        role=role,
        language=language,
        time_zone=time_zone,
        given_name=given_name,
        family_name=family_name,
    )
    user.full_clean()
    user.save(force_insert=True)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    Invitation.objects.waiting().filter(email__iexact=email).update(accepted_at=Now())
    emit("member.joined", user, actor=user.as_actor())
    workspace = current_workspace()
    with control_plane("note where a new member can log in"):
        remember_member(workspace.id, email)
    return user


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody who comes in says of themselves, or their provider of them."""

    given_name: str
    family_name: str
    language: str
    # Without one nobody signs in by password.
    password: str = ""


def admit(
    newcomer: Newcomer,
    *,
    email: str,
    role: Role,
    user_id: UUID | None = None,
    team_ids: Collection[UUID] = (),
) -> User:
    """Make whoever is known to have this address a member with a seat, a role and teams."""
    take_seat(email=email)
    user = add_member(
        email=email,
        user_id=user_id,
        password_hash=make_password(newcomer.password or None),
        role=role,
        language=newcomer.language,
        time_zone=current_workspace().time_zone,
        given_name=newcomer.given_name,
        family_name=newcomer.family_name,
    )
    put_into_teams(user, team_ids)
    return user


def _record(user: User, agreement: Agreement) -> None:
    versions = {"terms": agreement.terms_version, "privacy": agreement.privacy_version}
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            user=user,
            document=document,
            version=version,
            language=agreement.language,
            given_at=agreement.given_at,
        )
        for document, version in versions.items()
    )


def seed_roles() -> None:
    """Fill a workspace with the roles everybody starts with; a release offers them permissions."""
    for key in Role.Key.values:
        Role.objects.get_or_create(key=key)
