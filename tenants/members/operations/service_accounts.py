"""Everything that can be done to a service account, beside what can be done to any member."""

from collections.abc import Collection

from django.db import transaction

from core.access import authorize
from core.actors import Actor
from core.events.bus import emit
from core.ids import new_id
from core.names import named
from tenants.members.giving import refuse_beyond
from tenants.members.models import Role, Team, User
from tenants.members.operations.roles import OwnedByPeople
from tenants.members.operations.teams import set_teams
from tenants.members.permissions import MANAGE_SERVICE_ACCOUNTS

# Nobody can own an address under this ending, so nothing that is mailed there arrives.
NOWHERE = "service.invalid"


@transaction.atomic
def create_service_account(
    *, name: str, role: Role, actor: Actor, teams: Collection[Team] = (), language: str = "en"
) -> User:
    """Make a program's account with a role and teams. It has keys and no log-in."""
    authorize(actor, MANAGE_SERVICE_ACCOUNTS)
    refuse_beyond(role, actor=actor)
    if role.key == Role.Key.OWNER:
        raise OwnedByPeople
    pk = new_id()
    account = User(
        id=pk,
        email=f"{pk}@{NOWHERE}",
        given_name=named(name),
        role=role,
        language=language,
        is_service=True,
    )
    account.set_unusable_password()
    account.save(force_insert=True)
    emit("service_account.created", account, actor=actor)
    if teams:
        set_teams(account, teams, actor=actor)
    return account


@transaction.atomic
def update_service_account(
    account: User,
    *,
    actor: Actor,
    name: str | None = None,
    role: Role | None = None,
    teams: Collection[Team] | None = None,
) -> User:
    """Change a service account's name, role or teams; its keys have the new rights at once."""
    account = held_account(account)
    authorize(actor, MANAGE_SERVICE_ACCOUNTS)
    refuse_beyond(account.role, *([role] if role else []), actor=actor)
    if role is not None and role.key == Role.Key.OWNER:
        raise OwnedByPeople
    account.given_name = account.given_name if name is None else named(name)
    account.role = role or account.role
    account.save(update_fields=["given_name", "role"])
    if teams is not None:
        set_teams(account, teams, actor=actor)
    said = {"name": name, "role": role, "teams": teams}
    fields = sorted(each for each, value in said.items() if value is not None)
    emit("service_account.updated", account, actor=actor, fields=fields)
    return account


def held_account(account: User) -> User:
    """Return the service account, held until the transaction ends."""
    return User.objects.select_related("role").filter(is_service=True).lock(account.pk)
