"""Everything that can be done to members: start, invite, log in once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.actors import Actor
from core.events.bus import emit
from core.isolation.scope import control_plane, current_workspace
from tenants.members.directory import remember_member
from tenants.members.models import ConsentRecord, Role, User


@dataclass(frozen=True, slots=True)
class Agreement:
    """The terms and the privacy notice somebody accepted, in which version and language."""

    terms_version: str
    privacy_version: str
    language: str
    given_at: datetime


def create_owner(*, agreement: Agreement | None, **person: Any) -> User:
    """Make a workspace's first member, an admin whose address was proven by a code."""
    user = add_member(role=Role.objects.get(key=Role.Key.ADMIN), **person)
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
) -> User:
    """Make a member whose address is known to be theirs."""
    user = User(
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
    emit("member.joined", user, actor=user.as_actor())
    workspace = current_workspace()
    with control_plane("note where a new member can log in"):
        remember_member(workspace.id, email)
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


@transaction.atomic
def update_profile(user: User, *, changes: Mapping[str, Any], actor: Actor) -> User:
    """Change a member's own name and preferences; nobody changes another's here."""
    user = User.objects.lock(user.pk)
    if actor.user_id != user.pk:
        raise PermissionDenied
    for name in changes:
        setattr(user, name, changes[name])
    user.full_clean()
    user.save(update_fields=list(changes))
    if set(changes) & {"given_name", "family_name"}:
        emit("member.updated", user, actor=actor, fields=sorted(changes))
    return user


def end_sessions(user: User, *, keep: str = "") -> int:
    """Log a member out everywhere, except in the session to keep; return how many ended."""
    sessions = UserSession.objects.filter(user=user).exclude(session_key=keep)
    keys = list(sessions.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    sessions.delete()
    return len(keys)


def seed_roles() -> None:
    """Fill a workspace with the roles everybody starts with; a release offers them permissions."""
    for key in Role.Key.values:
        Role.objects.get_or_create(key=key)
