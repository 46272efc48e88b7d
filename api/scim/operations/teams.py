"""What a provider does to teams: the same as the page does; roles follow."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction

from api.scim.models import ScimMember, ScimTeam
from api.scim.operations.roles import follow_teams
from api.scim.refusals import NoSuchMember, Taken
from core.actors import Actor
from tenants.members.models import Team, User
from tenants.members.operations.teams import create_team, delete_team, update_team


@transaction.atomic
def provision_team(*, name: str, external_id: str, members: Collection[UUID], actor: Actor) -> Team:
    """Make a team of these members."""
    _refuse_taken(name, but=None)
    team = create_team(name=name, actor=actor, members=_known(members))
    ScimTeam.objects.create(team=team, external_id=external_id)
    _follow(set(members), actor)
    return team


@transaction.atomic
def change_provisioned_team(
    team: Team, *, name: str, external_id: str, members: Collection[UUID], actor: Actor
) -> Team:
    """Make a team what the provider says."""
    before = set(team.memberships.values_list("user_id", flat=True))
    _refuse_taken(name, but=team)
    wanted = set(_known(members))
    changes: dict[str, Any] = {"members": wanted} if wanted != before else {}
    if name.strip() != team.name:
        changes["name"] = name.strip()
    if changes:
        team = update_team(team, changes=changes, actor=actor)
    link, _is_new = ScimTeam.objects.get_or_create(team=team)
    if link.external_id != external_id:
        link.external_id = external_id
        link.save(update_fields=["external_id"])
    _follow(before ^ wanted, actor)
    return team


@transaction.atomic
def remove_provisioned_team(team: Team, *, actor: Actor) -> None:
    """Delete a team; its members lose the role it gave them."""
    before = set(team.memberships.values_list("user_id", flat=True))
    # Roles follow what is left; asked before, so that the last role there is counts as well.
    had_role = ScimTeam.objects.filter(team=team).exclude(role=None).exists()
    delete_team(team, actor=actor)
    if had_role:
        _follow(before, actor)


def _follow(members: set[UUID], actor: Actor) -> None:
    """Manage whoever the provider puts somewhere, and give them their teams' role."""
    known = set(ScimMember.objects.filter(user__in=members).values_list("user_id", flat=True))
    ScimMember.objects.bulk_create(ScimMember(user_id=pk) for pk in members - known)
    follow_teams(User.objects.filter(pk__in=members), actor=actor)


def _known(members: Collection[UUID]) -> list[UUID]:
    wanted = set(members)
    people = User.objects.filter(pk__in=wanted, is_service=False)
    found = people.exclude(scim__is_deleted=True)
    if found.count() < len(wanted):
        raise NoSuchMember
    return sorted(wanted)


def _refuse_taken(name: str, *, but: Team | None) -> None:
    others = Team.objects.exclude(pk=but.pk) if but else Team.objects.all()
    if others.filter(name__iexact=name.strip()).exists():
        raise Taken
