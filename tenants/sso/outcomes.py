"""Who somebody would be here, by what their provider says: asked before anything is written, and by tests."""

from dataclasses import dataclass

from tenants.members.models import Invitation, Role, Team, User
from tenants.sso.claims import Arrival, domain_of
from tenants.sso.models import Connection, Identity
from tenants.sso.refusals import (
    BeyondReach,
    Closed,
    NoAddress,
    NoRole,
    NotConfirmed,
    NotInvited,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The member, or the role of a new one. `teams` are all they will be in; None leaves them alone."""

    identity: Identity | None
    member: User | None
    role: Role
    teams: frozenset[Team] | None
    invitation: Invitation | None = None


def outcome_of(connection: Connection, arrival: Arrival) -> Outcome:
    """Return who this is here; an OperationError says why they are not let in."""
    identities = connection.identities.select_related("user__role")
    identity = identities.filter(subject=arrival.subject).first()
    member = identity.user if identity else _member_of(arrival)
    if member is None:
        return _newcomer(connection, arrival)
    if not member.is_active:
        raise Closed
    _refuse_beyond_reach(connection, member.role)
    role = _role_of(connection, member, arrival)
    _refuse_beyond_reach(connection, role)
    return Outcome(identity, member, role, _teams_of(connection, arrival, member))


def _member_of(arrival: Arrival) -> User | None:
    """Return the member whose address this is, if the provider can know that it is."""
    if not arrival.email:
        raise NoAddress
    if not arrival.is_confirmed:
        raise NotConfirmed
    found: User | None = (
        User.objects.select_related("role").filter(email__iexact=arrival.email).first()
    )
    return found


def _newcomer(connection: Connection, arrival: Arrival) -> Outcome:
    open_ones = Invitation.objects.open().select_related("role")
    invitation = open_ones.filter(email__iexact=arrival.email).first()
    if invitation is None and not _is_welcome(connection, arrival):
        raise NotInvited
    role = _mapped_role(connection, arrival)
    if role is None and invitation is not None:
        role = invitation.role
    role = role or connection.default_role
    if role is None:
        raise NoRole
    _refuse_beyond_reach(connection, role)
    teams = _teams_of(connection, arrival, None)
    if teams is not None and invitation is not None:
        teams |= frozenset(Team.objects.filter(pk__in=invitation.team_ids))
    return Outcome(None, None, role, teams, invitation)


def _is_welcome(connection: Connection, arrival: Arrival) -> bool:
    """Return whether somebody nobody invited may join: a provider may have people all over the world."""
    return connection.makes_members and domain_of(arrival.email) in connection.trusted_domains


def _role_of(connection: Connection, member: User, arrival: Arrival) -> Role:
    """Return the role a member has after signing in; owners stay owners."""
    has_roles = connection.rules.exclude(role=None).exists()
    if not has_roles or member.role.key == Role.Key.OWNER:
        return member.role
    role = _mapped_role(connection, arrival) or connection.default_role
    if role is None:
        raise NoRole
    return role


def _mapped_role(connection: Connection, arrival: Arrival) -> Role | None:
    rules = connection.rules.select_related("role").exclude(role=None).order_by("pk")
    matching = (rule.role for rule in rules if rule.value in arrival.groups)
    return next((role for role in matching if role and role.key != Role.Key.OWNER), None)


def _teams_of(
    connection: Connection, arrival: Arrival, member: User | None
) -> frozenset[Team] | None:
    """Return the teams after signing in: those of the groups, and those no rule speaks of."""
    rules = list(connection.rules.select_related("team").exclude(team=None))
    if not rules:
        return None
    ruled = {rule.team for rule in rules if rule.team}
    wanted = {rule.team for rule in rules if rule.team and rule.value in arrival.groups}
    known = set(Team.objects.filter(memberships__user=member)) if member else set()
    return frozenset((known - ruled) | wanted)


def _refuse_beyond_reach(connection: Connection, role: Role) -> None:
    if not connection.vouches_for(role):
        raise BeyondReach
