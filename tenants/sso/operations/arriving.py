"""Letting in whoever a provider vouches for: known members, invited people, and new ones."""

from datetime import datetime

from django.db import transaction

from core.actors import Actor
from core.events.bus import emit
from core.permissions import all_permissions, for_owners
from tenants.members.models import User
from tenants.members.operations.joining import Newcomer, admit
from tenants.members.operations.roles import change_role
from tenants.members.operations.teams import set_teams
from tenants.sso.claims import Arrival
from tenants.sso.models import Connection, Identity
from tenants.sso.outcomes import Outcome, outcome_of
from tenants.sso.refusals import SignInFailed


@transaction.atomic
def admit_arrival(connection: Connection, arrival: Arrival, *, language: str, at: datetime) -> User:
    """Return the member this is, with the role and teams their groups have here.

    Whom the provider confirms may become a member now; a member it did not know yet is linked.
    """
    # Two first sign-ins of one person take turns.
    connection = Connection.objects.lock(connection.pk)
    if not connection.is_on:
        raise SignInFailed("off")
    outcome = outcome_of(connection, arrival)
    actor = _actor(connection)
    if outcome.member is None:
        member = _join(outcome, arrival, language=language)
    elif outcome.member.role_id != outcome.role.pk:
        member = change_role(outcome.member, outcome.role, actor=actor)
    else:
        member = outcome.member
    if outcome.teams is not None:
        set_teams(member, outcome.teams, actor=actor)
    _name(member, arrival, actor)
    _link(connection, member, outcome, arrival, at)
    return member


def _join(outcome: Outcome, arrival: Arrival, *, language: str) -> User:
    teams = outcome.invitation.team_ids if outcome.invitation else ()
    newcomer = Newcomer(arrival.given_name, arrival.family_name, language)
    return admit(newcomer, email=arrival.email, role=outcome.role, team_ids=teams)


def _name(member: User, arrival: Arrival, actor: Actor) -> None:
    """Fill in a name that is not known yet; what members say of themselves stays."""
    if member.given_name or member.family_name or not (arrival.given_name or arrival.family_name):
        return
    member.given_name, member.family_name = arrival.given_name, arrival.family_name
    member.save(update_fields=["given_name", "family_name"])
    emit("member.updated", member, actor=actor, fields=["family_name", "given_name"])


def _link(
    connection: Connection, member: User, outcome: Outcome, arrival: Arrival, at: datetime
) -> None:
    if outcome.identity is not None:
        Identity.objects.filter(pk=outcome.identity.pk).update(last_used_at=at)
        return
    Identity.objects.create(
        connection=connection, user=member, subject=arrival.subject, last_used_at=at
    )
    emit("member.linked", member, actor=_actor(connection), connection=str(connection.pk))


def _actor(connection: Connection) -> Actor:
    """Return who gives roles by a connection's rules: nobody who could make or unmake owners."""
    return Actor.system(connection.name, *(all_permissions() - for_owners()))
