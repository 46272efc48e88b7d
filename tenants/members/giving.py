"""Nobody gives or takes rights that they do not have themselves."""

from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.errors import OperationError
from tenants.members.models.roles import Rights, Role


class RightsExceeded(OperationError):
    """Nobody gives rights they do not have, or takes them from somebody who has more."""

    code = "rights_exceeded"
    message = _("Only somebody with all the rights of this role can do this.")
    status = 403


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
