"""For whom somebody may have a connection vouch: nobody comes in or becomes more than they could give."""

from core.actors import Actor, Scope
from core.permissions import all_permissions, for_owners
from tenants.members.giving import refuse_beyond, rights_of_actor
from tenants.members.models import Role
from tenants.members.models.roles import Rights, grants_of
from tenants.sso.models import Connection
from tenants.sso.refusals import NeverOwner, SetUpByMore


def refuse_giving(role: Role, *, actor: Actor) -> None:
    """Refuse a role that nobody gets through a provider, or that the actor could not give."""
    if role.key == Role.Key.OWNER:
        raise NeverOwner
    refuse_beyond(role, actor=actor)


def refuse_lesser(connection: Connection, *, actor: Actor) -> None:
    """Refuse somebody with fewer rights than the connection has from whoever set it up.

    It gives roles in that one's name; it makes no owners, so admins may say which.
    """
    if reach_of(actor) >= Connection.Reach.ADMINS:
        return
    is_limited = connection.reach == Connection.Reach.LIMITED
    if not (is_limited and rights_of_actor(actor).covers(connection.limits())):
        raise SetUpByMore


def answer_for(connection: Connection, actor: Actor) -> None:
    """Have this actor's rights be the most that anybody may have who comes in."""
    connection.reach = reach_of(actor)
    connection.grants, connection.field_rights = [], []
    if connection.reach == Connection.Reach.LIMITED:
        scopes = {name: actor.scopes.get(name, Scope.ALL) for name in actor.permissions}
        connection.grants = grants_of(scopes)
        connection.field_rights = actor.fields.written()


def reach_of(actor: Actor) -> Connection.Reach:
    """Return whom somebody may vouch for: nobody with more rights than they have."""
    own = rights_of_actor(actor)
    if own.covers(Rights(all_permissions(), {})):
        return Connection.Reach.OWNERS
    is_admin = own.covers(Rights(all_permissions() - for_owners(), {}))
    return Connection.Reach.ADMINS if is_admin else Connection.Reach.LIMITED
