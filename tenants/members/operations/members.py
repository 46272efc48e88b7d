"""Changing what a member is in the workspace: their role and their teams."""

from collections.abc import Collection

from django.db import transaction

from core.actors import Actor
from tenants.members.models import Role, Team, User
from tenants.members.operations.roles import change_role
from tenants.members.operations.teams import set_teams


@transaction.atomic
def change_member(
    member: User, *, actor: Actor, role: Role | None = None, teams: Collection[Team] | None = None
) -> User:
    """Give a member another role, other teams, or both at once; what is left out stays."""
    if role is not None:
        member = change_role(member, role, actor=actor)
    if teams is not None:
        set_teams(member, teams, actor=actor)
    return member
