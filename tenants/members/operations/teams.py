"""Making and changing teams, and who belongs to them."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.events.bus import emit
from tenants.members.giving import authorize_filling
from tenants.members.models import Team, TeamMembership, User
from tenants.members.permissions import MANAGE_TEAMS

DEEPEST = 10


@transaction.atomic
def create_team(
    *,
    name: str,
    actor: Actor,
    parent: Team | None = None,
    manager: User | None = None,
    members: Collection[UUID] = (),
) -> Team:
    """Make a team of these members, perhaps under another one."""
    authorize(actor, MANAGE_TEAMS)
    team = Team(name=name.strip(), parent=parent, manager=manager)
    _refuse_manager(manager)
    _refuse_deep(team)
    team.full_clean()
    team.save(force_insert=True)
    _set_members(team, members, actor)
    emit("team.created", team, actor=actor)
    return team


@transaction.atomic
def update_team(team: Team, *, changes: Mapping[str, Any], actor: Actor) -> Team:
    """Change a team's name, parent, manager or `members`, a list of ids."""
    # All of them, so that two changes cannot make each team part of the other.
    held = {each.pk: each for each in Team.objects.select_for_update().order_by("pk")}
    team = held[team.pk]
    authorize(actor, MANAGE_TEAMS)
    if changes.get("manager") != team.manager:
        _refuse_manager(changes.get("manager"))
    fields = [name for name in ("name", "parent", "manager") if name in changes]
    for name in fields:
        setattr(team, name, changes[name])
    _refuse_circle(team, held)
    _refuse_deep(team)
    team.full_clean()
    team.save(update_fields=fields or None)
    if "members" in changes:
        _set_members(team, changes["members"], actor)
    emit("team.updated", team, actor=actor, fields=sorted(changes))
    return team


@transaction.atomic
def delete_team(team: Team, *, actor: Actor) -> None:
    """Delete a team; those under it move up to what it was part of."""
    team = Team.objects.lock(team.pk)
    authorize(actor, MANAGE_TEAMS)
    if team.memberships.exists():
        authorize_filling([team.pk], actor=actor)
    Team.objects.filter(parent=team).update(parent=team.parent_id)
    emit("team.deleted", team, actor=actor)
    team.delete()


@transaction.atomic
def set_teams(member: User, teams: Collection[Team], *, actor: Actor) -> None:
    """Have a member belong to exactly these teams."""
    authorize(actor, MANAGE_TEAMS)
    wanted = {team.pk for team in teams}
    known = set(member.memberships.values_list("team_id", flat=True))
    if wanted == known:
        return
    authorize_filling(wanted ^ known, actor=actor)
    member.memberships.exclude(team_id__in=wanted).delete()
    TeamMembership.objects.bulk_create(
        TeamMembership(team_id=pk, user=member) for pk in wanted - known
    )
    emit("member.teams_changed", member, actor=actor, teams=sorted(map(str, wanted)))


def put_into_teams(member: User, ids: Collection[UUID]) -> None:
    """Have somebody who comes in belong to the teams that were chosen for them and are still there."""
    teams = Team.objects.filter(pk__in=ids).values_list("pk", flat=True)
    TeamMembership.objects.bulk_create(
        (TeamMembership(team_id=pk, user=member) for pk in teams), ignore_conflicts=True
    )


def _set_members(team: Team, members: Collection[UUID], actor: Actor) -> None:
    found = set(User.objects.filter(pk__in=members).values_list("pk", flat=True))
    if len(found) < len(set(members)):
        raise ValidationError({"members": _("One of these is not a member here.")})
    known = set(team.memberships.values_list("user_id", flat=True))
    if found == known:
        return
    authorize_filling([team.pk], actor=actor)
    team.memberships.exclude(user_id__in=found).delete()
    TeamMembership.objects.bulk_create(
        TeamMembership(team=team, user_id=pk) for pk in found - known
    )


def _refuse_manager(manager: User | None) -> None:
    """Refuse a program, or somebody who left: whoever manages a team takes over from its members."""
    if manager and not User.objects.active_people().filter(pk=manager.pk).exists():
        raise ValidationError({"manager": _("Choose an active member.")})


def _refuse_circle(team: Team, held: Mapping[UUID, Team]) -> None:
    above = team.parent_id
    while above is not None:
        if above == team.pk:
            raise ValidationError({"parent": _("A team cannot be part of itself.")})
        above = held[above].parent_id


def _refuse_deep(team: Team) -> None:
    above, depth = team.parent, 1
    while above is not None:
        above, depth = above.parent, depth + 1
    if depth > DEEPEST:
        message = _("Teams go %(count)s levels deep at most.")
        raise ValidationError({"parent": message % {"count": DEEPEST}})
