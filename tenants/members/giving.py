"""Nobody gives or takes rights that they do not have themselves."""

from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.errors import OperationError
from tenants.members.models.roles import Rights, Role
from tenants.members.permissions import MANAGE_TEAMS

# Which roles somebody gets by being in one of these teams.
type TeamRoles = Callable[[Collection[UUID]], Iterable[Role]]
_team_roles: list[TeamRoles] = []


class RightsExceeded(OperationError):
    """Nobody gives rights they do not have, or takes them from somebody who has more."""

    code = "rights_exceeded"
    message = _("Only somebody with all the rights of this role can do this.")
    status = 403


class TeamGivesMore(RightsExceeded):
    """Being in a team gives a role, so whoever fills the team gives it."""

    message = _(
        "Being in this team gives a role. Only somebody with all the rights of that role can say who is in it."
    )


def rights_of_actor(actor: Actor) -> Rights:
    """Return the actor's own rights, as roles state theirs."""
    return Rights(actor.permissions, actor.scopes, actor.fields)


def may_give(role: Role, *, actor: Actor) -> bool:
    """Return whether the actor has every right of the role, so that they may give and take it."""
    return rights_of_actor(actor).covers(role.rights())


def refuse_beyond(*roles: Role, actor: Actor) -> None:
    """Refuse to go on when one of the roles allows more than the actor may do themselves."""
    if not all(may_give(role, actor=actor) for role in roles):
        raise RightsExceeded


def gives_roles(asked: TeamRoles) -> TeamRoles:
    """Have the function say which roles being in teams gives; parts of the product that give some do so."""
    _team_roles.append(asked)
    return asked


def authorize_filling(teams: Collection[UUID], *, actor: Actor) -> None:
    """Refuse to go on unless the actor may say who is in these teams, and give what being there gives."""
    if not teams:
        return
    authorize(actor, MANAGE_TEAMS)
    roles = [role for asked in _team_roles for role in asked(teams)]
    if not all(may_give(role, actor=actor) for role in roles):
        raise TeamGivesMore
