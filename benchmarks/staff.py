"""Two hundred members in twenty teams who share the customers of a workspace between them."""

from typing import NamedTuple

from django.db import connection, transaction

from core.actors import Scope
from core.isolation.scope import Workspace, bind_workspace
from core.records.registry import record_types
from crm.customers.models.contacts import Contact
from tenants.members.models import Role, Team, TeamMembership, User
from tenants.members.models.roles import grants_of

MEMBERS, TEAMS, REGIONS = 200, 20, 4
SPREAD = """
UPDATE {table} SET owner_id = (%s::uuid[])[1 + abs(hashtext(id::text)) %% %s]
"""


class Staff(NamedTuple):
    """One who sees the customers of their team, one who sees those of a region: five teams, fifty members."""

    rep: User
    lead: User


def hire(workspace: Workspace) -> Staff:
    """Make the members and their teams, and hand every contact to one of them."""
    with bind_workspace(workspace), transaction.atomic():
        rep = Role.objects.get(key="rep")
        people = [
            User(
                email=f"member{number}@bench.test",
                given_name="Member",
                family_name=str(number),
                role=rep,
                password="unusable",  # noqa: S106
            )
            for number in range(MEMBERS)
        ]
        lead = people[0]
        lead.role = _regional(Role.objects.get(key="manager"))
        User.objects.bulk_create(people)
        regions = [Team(name=f"Region {number}") for number in range(REGIONS)]
        regions[0].manager = lead
        Team.objects.bulk_create(regions)
        teams = [
            Team(name=f"Team {number}", parent=regions[number % REGIONS]) for number in range(TEAMS)
        ]
        Team.objects.bulk_create(teams)
        TeamMembership.objects.bulk_create(
            TeamMembership(team=teams[number % TEAMS], user=person)
            for number, person in enumerate(people)
        )
        _spread([person.pk for person in people])
    return Staff(rep=people[-1], lead=lead)


def _regional(manager: Role) -> Role:
    """Return a role like the managers', which sees no further than the teams below."""
    rights = manager.rights()
    scopes = {name: rights.scope(name) or Scope.ALL for name in rights.permissions}
    seen = {each.permission("view"): Scope.BELOW for each in record_types()}
    return Role.objects.create(name="Region lead", grants=grants_of(scopes | seen))


def _spread(owners: list[object]) -> None:
    with connection.cursor() as cursor:
        # A million rows at once take longer than anything the product asks.
        cursor.execute("SET LOCAL statement_timeout = '15min'")
        table = connection.ops.quote_name(Contact._meta.db_table)
        cursor.execute(SPREAD.format(table=table), [owners, len(owners)])
