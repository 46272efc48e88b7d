"""Teams through SCIM, and the roles their members have by them."""

import json

import pytest
from django.utils.timezone import now

from api.scim.models import ScimMember, ScimTeam
from api.scim.operations.roles import follow_teams
from api.scim.operations.settings import give_team_role
from core.events.models import Event
from core.permissions import all_permissions
from tenants.members.giving import RightsExceeded
from tenants.members.models import Invitation, MailDomain, Role, Team, TeamMembership, User
from tenants.members.operations.domains import add_domain
from tenants.members.operations.invitations import invite_members
from tenants.members.operations.service_accounts import create_service_account
from tenants.members.operations.teams import set_teams
from tenants.members.pasted import read_addresses
from tenants.sso.refusals import NeverOwner
from tests.api.scim.conftest import ERROR, GROUP
from tests.conftest import make_member, nothing_written


@pytest.fixture
def north(scim, bob):
    """The id of a team the provider has made, with Bob in it."""
    body = {
        "schemas": [GROUP],
        "displayName": "North",
        "externalId": "g-1",
        "members": [{"value": str(bob.pk)}],
    }
    return scim.call("POST", "Groups", body).said["id"]


def people(pk):
    return set(TeamMembership.objects.filter(team=pk).values_list("user__email", flat=True))


class TestTeams:
    def test_a_group_is_a_team(self, scim, north, acme, bob):
        said = scim.get(f"Groups/{north}").said

        assert Team.objects.get(pk=north).name == "North"
        assert said["displayName"] == "North"
        assert said["externalId"] == "g-1"
        assert said["members"] == [{"value": str(bob.pk), "display": "Bob Reed", "type": "User"}]
        assert said["meta"]["location"] == f"{acme.url}/scim/v2/Groups/{north}"
        assert scim.get(f"Users/{bob.pk}").said["groups"] == [{"value": north, "display": "North"}]
        assert Event.objects.filter(name="team.created").exists()

    def test_a_team_of_ours_is_found(self, scim):
        team = Team.objects.create(name="South")
        answer = scim.visitor.get("/scim/v2/Groups", {"filter": 'displayName eq "south"'})

        assert [each["id"] for each in answer.json()["Resources"]] == [str(team.pk)]

    @pytest.mark.parametrize(
        ("wanted", "count"),
        [
            ('externalId eq "g-1"', 1),
            ('displayName sw "n"', 1),
            ('displayName eq "East"', 0),
            ("members pr", 1),
        ],
    )
    def test_filters(self, scim, north, wanted, count):
        said = scim.visitor.get("/scim/v2/Groups", {"filter": wanted}).json()

        assert said["totalResults"] == count

    def test_by_who_is_in_it(self, scim, north, bob):
        said = scim.visitor.get(
            "/scim/v2/Groups", {"filter": f'members.value eq "{bob.pk}"'}
        ).json()

        assert said["totalResults"] == 1
        assert (
            scim.get("Groups?excludedAttributes=members").said["Resources"][0].get("members")
            is None
        )

    def test_a_name_is_there_once(self, scim, north):
        with nothing_written(Team, ScimTeam):
            answer = scim.call("POST", "Groups", {"schemas": [GROUP], "displayName": " NORTH "})
        assert (answer.status_code, answer.said["scimType"]) == (409, "uniqueness")

    @pytest.mark.parametrize(
        ("operations", "left"),
        [
            ([{"op": "Add", "path": "members", "value": [{"$ref": None, "value": "CAROL"}]}], "bob carol"),
            ([{"op": "add", "value": {"members": [{"value": "CAROL", "display": "x"}]}}], "bob carol"),
            ([{"op": "remove", "path": 'members[value eq "BOB"]'}], ""),
            ([{"op": "Remove", "path": "members", "value": [{"value": "BOB"}]}], ""),
            ([{"op": "remove", "path": "members"}], ""),
            ([{"op": "replace", "path": "members", "value": [{"value": "CAROL"}]}], "carol"),
            ([{"op": "replace", "path": "members", "value": []}], ""),
            (
                [
                    {"op": "remove", "path": 'members[value eq "BOB"]'},
                    {"op": "add", "path": "members", "value": [{"value": "CAROL"}, {"value": "BOB"}]},
                ],
                "bob carol",
            ),
        ],
        ids=str,
    )  # fmt: skip
    def test_who_is_in_it_changes(self, scim, north, bob, carol, operations, left):
        text = json.dumps(operations)
        said = text.replace("BOB", str(bob.pk)).replace("CAROL", str(carol.pk))
        answer = scim.patch(f"Groups/{north}", *json.loads(said))

        assert answer.status_code == 200, answer.content
        assert people(north) == {f"{name}@acme.test" for name in left.split()}

    @pytest.mark.parametrize(
        "operation",
        [
            {"op": "replace", "path": "displayName", "value": "East"},
            {"op": "Replace", "value": {"displayName": "East"}},
        ],
        ids=str,
    )
    def test_it_is_renamed(self, scim, north, operation):
        scim.patch(f"Groups/{north}", operation)

        assert Team.objects.get(pk=north).name == "East"
        assert people(north) == {"bob@acme.test"}

    def test_okta_names_itself_in_a_change(self, scim, north):
        scim.patch(
            f"Groups/{north}", {"op": "replace", "value": {"id": north, "displayName": "East"}}
        )

        assert Team.objects.get(pk=north).name == "East"

    def test_it_is_replaced(self, scim, north, carol):
        body = {"schemas": [GROUP], "displayName": "West", "members": [{"value": str(carol.pk)}]}
        answer = scim.call("PUT", f"Groups/{north}", body)

        assert answer.status_code == 200
        assert people(north) == {"carol@acme.test"}
        assert "externalId" not in answer.said

    def test_it_is_deleted(self, scim, north):
        assert scim.call("DELETE", f"Groups/{north}").status_code == 204
        assert scim.get(f"Groups/{north}").status_code == 404
        assert not Team.objects.filter(pk=north).exists()
        assert User.objects.filter(email="bob@acme.test", is_active=True).exists()

    @pytest.mark.parametrize(
        "value", ["no-id", "", "26ab1ede-941f-42d3-a97f-54afc3e5e966", None, "x" * 300]
    )
    def test_somebody_who_is_no_member(self, scim, north, value):
        with nothing_written(Team, TeamMembership, ScimTeam):
            answer = scim.patch(
                f"Groups/{north}", {"op": "add", "path": "members", "value": [{"value": value}]}
            )

        assert (answer.status_code, answer.said["schemas"]) == (400, [ERROR])

    def test_a_hundred_at_once(self, scim, north, django_assert_max_num_queries):
        made = [make_member(f"n{number}@acme.test", "viewer") for number in range(100)]
        values = [{"value": str(each.pk)} for each in made]
        with django_assert_max_num_queries(60):
            scim.patch(f"Groups/{north}", {"op": "add", "path": "members", "value": values})
        assert len(people(north)) == 101


class TestRoles:
    @pytest.fixture
    def sellers(self, north, alice):
        """North's members are sales reps; Bob is one already."""
        team = Team.objects.get(pk=north)
        give_team_role(team, role=Role.objects.get(key="rep"), actor=alice.as_actor())
        return team

    def role(self, member):
        return User.objects.select_related("role").get(pk=member.pk).role.key

    def test_who_comes_in_has_it_and_who_goes_loses_it(self, scim, sellers, carol):
        scim.patch(
            f"Groups/{sellers.pk}",
            {"op": "add", "path": "members", "value": [{"value": str(carol.pk)}]},
        )
        assert self.role(carol) == "rep"
        scim.patch(
            f"Groups/{sellers.pk}", {"op": "remove", "path": f'members[value eq "{carol.pk}"]'}
        )
        assert self.role(carol) == "viewer"

    def test_it_holds_at_once_when_it_is_given(self, sellers, alice, bob):
        give_team_role(sellers, role=Role.objects.get(key="manager"), actor=alice.as_actor())

        assert self.role(bob) == "manager"

    def test_the_first_of_two_in_the_list_of_roles_counts(self, scim, sellers, alice, bob):
        other = Team.objects.create(name="Bosses")
        give_team_role(other, role=Role.objects.get(key="manager"), actor=alice.as_actor())
        scim.patch(
            f"Groups/{other.pk}",
            {"op": "add", "path": "members", "value": [{"value": str(bob.pk)}]},
        )

        assert self.role(bob) == "manager"

    def test_a_ready_made_role_comes_before_a_wider_one_made_here(self, sellers, alice, bob):
        wide = Role.objects.create(name="Almost everything", grants=[*all_permissions()])
        other = Team.objects.create(name="Bosses")
        other.memberships.create(user=bob)

        give_team_role(other, role=wide, actor=alice.as_actor())

        assert self.role(bob) == "rep"

    def test_owners_stay_owners(self, scim, sellers, alice):
        scim.patch(
            f"Groups/{sellers.pk}",
            {"op": "add", "path": "members", "value": [{"value": str(alice.pk)}]},
        )

        assert self.role(alice) == "owner"

    def test_nobody_becomes_an_owner(self, sellers, alice):
        with nothing_written(ScimTeam, User), pytest.raises(NeverOwner):
            give_team_role(sellers, role=Role.objects.get(key="owner"), actor=alice.as_actor())

    def test_whom_the_provider_does_not_know_is_left_alone(self, sellers, alice):
        gus = make_member("gus@acme.test", "agent")
        sellers.memberships.create(user=gus)
        follow_teams([gus], actor=alice.as_actor())
        assert self.role(gus) == "agent"
        ScimMember.objects.create(user=gus)
        follow_teams([gus], actor=alice.as_actor())
        assert self.role(gus) == "rep"

    def test_nobody_fills_it_who_could_not_give_the_role(
        self, sellers, alice, bob, as_member, carol
    ):
        clerk = Role.objects.create(name="Clerk", grants=["members.manage_teams"])
        User.objects.filter(pk=bob.pk).update(role=clerk)
        place, api = f"/settings/teams/{sellers.pk}/", f"/api/v1/teams/{sellers.pk}/"
        visitor, wanted = as_member(bob), [str(bob.pk), str(carol.pk)]
        with nothing_written(TeamMembership, Team, Invitation):
            assert visitor.post(place, {"name": "North", "members": wanted}).status_code == 403
            visitor.post(f"{place}delete/")
            for method, body in (("patch", {"members": wanted}), ("delete", {})):
                answer = getattr(visitor, method)(api, body, content_type="application/json")
                assert (answer.status_code, answer.json()["code"]) == (403, "rights_exceeded")

        # What the team is called gives nobody anything.
        said = {"name": "South", "members": [str(bob.pk)]}
        assert visitor.post(place, said).status_code == 302

    def test_nor_invites_into_it_or_lets_in_there(self, sellers, alice, bob):
        grants = ["members.manage_teams", "members.manage_members", "members.change_security"]
        clerk = Role.objects.create(name="Clerk", grants=grants)
        User.objects.filter(pk=bob.pk).update(role=clerk)
        actor = User.objects.get(pk=bob.pk).as_actor()
        with nothing_written(Invitation, MailDomain, TeamMembership):
            with pytest.raises(RightsExceeded):
                invite_members(
                    read_addresses("eve@acme.test"),
                    role=clerk,
                    teams=[sellers],
                    actor=actor,
                    at=now(),
                )
            with pytest.raises(RightsExceeded):
                add_domain("acme.example", role=clerk, teams=[sellers], actor=actor)
            with pytest.raises(RightsExceeded):
                set_teams(bob, [], actor=actor)

    def test_a_service_account_is_nobody_the_provider_manages(self, scim, sellers, alice):
        robot = create_service_account(
            name="Robot", role=Role.objects.get(key="viewer"), actor=alice.as_actor()
        )
        ScimMember.objects.create(user=robot)
        value = [{"value": str(robot.pk)}]
        with nothing_written(TeamMembership):
            answer = scim.patch(
                f"Groups/{sellers.pk}", {"op": "add", "path": "members", "value": value}
            )
        assert answer.status_code == 400
        sellers.memberships.create(user=robot)
        follow_teams([robot], actor=alice.as_actor())
        assert self.role(robot) == "viewer"

    def test_a_deleted_team_gives_nothing(self, scim, sellers, bob, alice):
        give_team_role(
            Team.objects.create(name="Else"),
            role=Role.objects.get(key="rep"),
            actor=alice.as_actor(),
        )
        scim.call("DELETE", f"Groups/{sellers.pk}")

        assert self.role(bob) == "viewer"
