"""What a provider does to members: the same as the page does, with the same consequences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from api.scim.models import ScimMember, ScimSettings
from api.scim.operations.roles import default_role, follow_teams
from api.scim.refusals import NoAddressThere, OwnersAreTheirOwn, Taken
from core.actors import Actor
from core.events.bus import emit
from core.isolation.scope import control_plane, current_workspace
from tenants.members.directory import forget_member, remember_member
from tenants.members.giving import refuse_beyond
from tenants.members.models import Role, User
from tenants.members.operations.joining import Newcomer, admit
from tenants.members.operations.leaving import deactivate_member, reactivate_member
from tenants.members.operations.logins import note_login_changed

PLAIN = ("given_name", "family_name", "language", "time_zone")


@dataclass(frozen=True, slots=True)
class Person:
    """What a provider says of somebody; `plain` holds the member's own fields it speaks of."""

    user_name: str
    email: str
    external_id: str
    is_active: bool
    plain: Mapping[str, Any]


@transaction.atomic
def provision_member(person: Person, *, actor: Actor) -> User:
    """Make a member of somebody new, or open the log-in of somebody the provider deleted."""
    email = _address(person.email)
    _refuse_taken(person.user_name, email, but=None)
    known = User.objects.filter(email__iexact=email).first()
    if known is None:
        # Nothing opens this log-in before its owner or a provider does.
        newcomer = Newcomer(
            given_name=person.plain.get("given_name", ""),
            family_name=person.plain.get("family_name", ""),
            language=person.plain.get("language", current_workspace().language),
        )
        member = admit(newcomer, email=email, role=default_role())
        ScimMember.objects.create(user=member)
        return change_provisioned(member, person, actor=actor)
    ScimMember.objects.filter(user=known).update(is_deleted=False)
    return change_provisioned(known, person, actor=actor)


@transaction.atomic
def change_provisioned(member: User, person: Person, *, actor: Actor) -> User:
    """Make a member what the provider says; closing their log-in is the same as on the page."""
    member = User.objects.select_related("role").lock(member.pk)
    refuse_beyond(member.role, actor=actor)
    email = _address(person.email)
    _refuse_taken(person.user_name, email, but=member)
    _change_plain(member, person.plain, actor)
    if email.casefold() != member.email.casefold():
        _change_address(member, email, actor)
    link, _is_new = ScimMember.objects.get_or_create(user=member)
    link.external_id = person.external_id
    is_other = person.user_name.casefold() != email.casefold()
    link.user_name = person.user_name if is_other else ""
    link.save()
    if member.is_active and not person.is_active:
        member = close_provisioned(member, actor=actor)
    elif person.is_active and not member.is_active:
        member = reactivate_member(member, actor=actor)
    if member.is_active:
        follow_teams([member], actor=actor)
    return User.objects.get(pk=member.pk)


@transaction.atomic
def close_provisioned(member: User, *, actor: Actor) -> User:
    """Close a log-in; what the member owned goes to the successor the workspace chose."""
    return deactivate_member(member, successor=_successor(member), actor=actor)


@transaction.atomic
def remove_provisioned(member: User, *, actor: Actor) -> None:
    """Close a log-in and forget how the provider knows its member; to it they are gone."""
    close_provisioned(member, actor=actor)
    link, _is_new = ScimMember.objects.get_or_create(user=member)
    link.is_deleted, link.user_name, link.external_id = True, "", ""
    link.save()


def _successor(member: User) -> User | None:
    others = User.objects.active_people().exclude(pk=member.pk)
    settings = ScimSettings.objects.first()
    chosen = (
        others.filter(pk=str(settings.successor_id)).first()
        if settings and settings.successor_id
        else None
    )
    owners = others.filter(role__key=Role.Key.OWNER).order_by("joined_at", "pk")
    return chosen or owners.first()


def _address(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError as error:
        raise NoAddressThere from error
    return email


def _refuse_taken(user_name: str, email: str, *, but: User | None) -> None:
    """Refuse names another member has; one whom the provider deleted may be made again."""
    others = User.objects.exclude(pk=but.pk) if but else User.objects.exclude(scim__is_deleted=True)
    names = ScimMember.objects.filter(user_name__iexact=user_name)
    if but is not None:
        names = names.exclude(user=but)
    if others.filter(email__iexact=email).exists() or names.exists():
        raise Taken


def _change_plain(member: User, wanted: Mapping[str, Any], actor: Actor) -> None:
    fields = [name for name in PLAIN if name in wanted and getattr(member, name) != wanted[name]]
    for name in fields:
        setattr(member, name, wanted[name])
    if fields:
        member.full_clean(exclude=["password"])
        member.save(update_fields=fields)
        emit("member.updated", member, actor=actor, fields=sorted(fields))


def _change_address(member: User, email: str, actor: Actor) -> None:
    """Have a member sign in with another address; the one before hears of it, and sessions end."""
    if member.role.key == Role.Key.OWNER:
        raise OwnersAreTheirOwn
    before, member.email = member.email, email
    member.save(update_fields=["email"])
    EmailAddress.objects.filter(user_id=member.pk).delete()
    EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
    note_login_changed(member, change="email_changed", keep="", actor=actor, to=before)
    if not member.is_active:
        return
    workspace = current_workspace()
    with control_plane("note a member's new address"):
        forget_member(workspace.id, before)
        remember_member(workspace.id, email)
