"""Teams say whose records somebody reaches: their own, their team's, and those of the teams below."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.actors import Scope
from core.events.models import Event
from core.permissions import VERBS
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contact
from tenants.members.models import RecordShare, Role, Team, TeamMembership, User
from tenants.members.models.roles import grants_of
from tenants.members.operations.teams import create_team, delete_team, set_teams, update_team
from tests.conftest import make_member, nothing_written

URLS = {"page": "/contacts/", "api": "/api/v1/contacts/"}


@pytest.fixture
def people(alice, bob):
    """North with Bob and Nora; under it Leeds with Lou; beside them Sam, who is in no team.

    Mona manages North. Each owns one contact of their name.
    """
    named = {"bob": bob}
    for name in ("nora", "lou", "sam", "mona"):
        named[name] = make_member(f"{name}@acme.test", Role.Key.REP)
    owner = alice.as_actor()
    north = create_team(
        name="North",
        manager=named["mona"],
        members=[named["bob"].pk, named["nora"].pk],
        actor=owner,
    )
    create_team(name="Leeds", parent=north, members=[named["lou"].pk], actor=owner)
    for name, member in named.items():
        create_contact(given_name=name, owner=member.pk, actor=owner)
    return named


def give(member, scope):
    """Have the member see contacts over this scope and change their own."""
    scopes = {"customers.view_contact": scope, "customers.change_contact": Scope.OWN}
    role = Role.objects.create(name=f"Role of {member.pk}", grants=grants_of(scopes))
    User.objects.filter(pk=member.pk).update(role=role)
    return User.objects.select_related("role").get(pk=member.pk)


REACHED = {
    ("bob", Scope.OWN): {"bob"},
    ("bob", Scope.TEAM): {"bob", "nora"},
    ("bob", Scope.BELOW): {"bob", "nora", "lou", "mona"},
    ("bob", Scope.ALL): {"bob", "nora", "lou", "sam", "mona"},
    ("lou", Scope.TEAM): {"lou"},
    ("lou", Scope.BELOW): {"lou"},
    ("sam", Scope.TEAM): {"sam"},
    ("sam", Scope.BELOW): {"sam"},
    ("mona", Scope.TEAM): {"mona", "bob", "nora"},
    ("mona", Scope.BELOW): {"mona", "bob", "nora", "lou"},
}


@pytest.mark.parametrize(("name", "scope"), REACHED)
def test_a_scope_reaches_these_owners(people, name, scope):
    member = give(people[name], scope)
    actor = member.as_actor()

    seen = {contact.given_name for contact in Contact.objects.visible_to(actor)}

    assert seen == REACHED[name, scope]
    assert seen == {
        contact.given_name for contact in Contact.objects.all() if contact.is_visible_to(actor)
    }


@pytest.mark.parametrize("door", URLS)
def test_pages_and_api_show_and_open_what_is_reached_and_nothing_else(people, as_member, door):
    visitor = as_member(give(people["bob"], Scope.TEAM))
    by_name = {contact.given_name: contact for contact in Contact.objects.all()}

    listed = visitor.get(URLS[door]).content.decode()
    opened = {
        name: visitor.get(f"{URLS[door]}{contact.pk}/").status_code
        for name, contact in by_name.items()
    }

    assert {name for name, contact in by_name.items() if str(contact.pk) in listed} == {
        "bob",
        "nora",
    }
    assert opened == {"bob": 200, "nora": 200, "lou": 404, "sam": 404, "mona": 404}


def test_what_is_seen_is_not_changed_beyond_the_scope_of_changing(people, as_member):
    visitor = as_member(give(people["bob"], Scope.TEAM))
    nora = Contact.objects.get(owner=people["nora"])
    own = Contact.objects.get(owner=people["bob"])

    with nothing_written(Contact):
        refused = visitor.patch(
            f"/api/v1/contacts/{nora.pk}/", {"title": "Boss"}, content_type="application/json"
        )
    changed = visitor.patch(
        f"/api/v1/contacts/{own.pk}/", {"title": "Boss"}, content_type="application/json"
    )

    assert (refused.status_code, changed.status_code) == (403, 200)


@pytest.mark.parametrize("with_team", [False, True])
def test_a_shared_record_is_seen_by_those_it_was_shared_with(people, with_team):
    lou, bob = people["lou"], give(people["bob"], Scope.OWN)
    contact = Contact.objects.get(owner=lou)
    share = RecordShare(record_type="contact", record_id=contact.pk)
    if with_team:
        share.team = Team.objects.get(name="North")
    else:
        share.user = bob
    share.save(force_insert=True)

    actor = bob.as_actor()

    assert set(Contact.objects.visible_to(actor)) == {contact, Contact.objects.get(owner=bob)}
    assert contact.is_visible_to(actor)
    assert set(Contact.objects.all().within(actor, "change")) == {Contact.objects.get(owner=bob)}
    RecordShare.objects.update(level=RecordShare.Level.CHANGE)
    assert contact in Contact.objects.all().within(bob.as_actor(), "change")


def test_sharing_gives_no_verb_the_role_lacks(people, carol):
    contact = Contact.objects.get(owner=people["lou"])
    RecordShare.objects.create(
        record_type="contact", record_id=contact.pk, user=carol, level=RecordShare.Level.CHANGE
    )
    actor = carol.as_actor()

    done = {verb for verb in VERBS if contact in Contact.objects.all().within(actor, verb)}

    assert done == {"view"}


def test_a_team_cannot_be_part_of_itself(alice, people):
    north, leeds = Team.objects.get(name="North"), Team.objects.get(name="Leeds")

    with nothing_written(Team, Event), pytest.raises(ValidationError, match="part of itself"):
        update_team(north, changes={"parent": leeds}, actor=alice.as_actor())


def test_teams_under_a_deleted_one_move_up(alice, people):
    north = Team.objects.get(name="North")

    delete_team(north, actor=alice.as_actor())

    assert Team.objects.get(name="Leeds").parent is None
    assert people["nora"].memberships.count() == 0


def test_a_member_is_put_into_exactly_these_teams(alice, people):
    leeds = Team.objects.get(name="Leeds")

    set_teams(people["bob"], [leeds], actor=alice.as_actor())

    assert [each.team for each in people["bob"].memberships.all()] == [leeds]


def test_two_teams_do_not_have_one_name(alice, people):
    with nothing_written(Team), pytest.raises(ValidationError, match="of this name"):
        create_team(name="north", actor=alice.as_actor())


def test_strangers_are_no_members_of_a_team(alice, eve):
    with nothing_written(Team, TeamMembership), pytest.raises(ValidationError):
        create_team(name="Spies", members=[eve.pk], actor=alice.as_actor())


def test_only_who_manages_teams_changes_them(bob, people):
    north = Team.objects.get(name="North")

    with nothing_written(Team, TeamMembership):
        for change in (
            lambda: create_team(name="Mine", actor=bob.as_actor()),
            lambda: update_team(north, changes={"name": "Mine"}, actor=bob.as_actor()),
            lambda: delete_team(north, actor=bob.as_actor()),
            lambda: set_teams(bob, [], actor=bob.as_actor()),
        ):
            with pytest.raises(PermissionDenied):
                change()


def test_whose_teams_they_are_is_asked_once_and_only_where_it_matters(
    people, alice, django_assert_num_queries
):
    bob = give(people["bob"], Scope.BELOW)
    with django_assert_num_queries(1):
        bob.as_actor()
    with django_assert_num_queries(0):
        alice.as_actor()


def test_teams_are_made_changed_and_deleted_on_pages(as_member, alice, people):
    visitor = as_member(alice)
    north = Team.objects.get(name="North")
    sam = people["sam"]

    visitor.post(
        "/settings/teams/new/",
        {"name": "York", "parent": north.pk, "manager": sam.pk, "members": [sam.pk]},
    )
    york = Team.objects.get(name="York")
    assert (york.parent, york.manager) == (north, sam)
    assert [each.user for each in york.memberships.all()] == [sam]
    assert "York" in visitor.get("/settings/teams/").content.decode()

    visitor.post(f"/settings/teams/{york.pk}/", {"name": "Ripon"})
    york.refresh_from_db()
    assert (york.name, york.parent, york.memberships.count()) == ("Ripon", None, 0)

    visitor.post(f"/settings/teams/{york.pk}/delete/")
    assert not Team.objects.filter(pk=york.pk).exists()


def test_who_left_belongs_to_the_team_again_on_coming_back(as_member, alice, people):
    north = Team.objects.get(name="North")
    User.objects.filter(pk=people["nora"].pk).update(is_active=False)

    said = {"name": "North", "members": [people["bob"].pk, people["sam"].pk]}
    as_member(alice).post(f"/settings/teams/{north.pk}/", said)

    found = {each.user for each in north.memberships.all()}
    assert found == {people["bob"], people["sam"], people["nora"]}


def test_a_circle_is_told_at_the_field_and_nothing_is_written(as_member, alice, people):
    north, leeds = Team.objects.get(name="North"), Team.objects.get(name="Leeds")
    visitor = as_member(alice)

    with nothing_written(Team, TeamMembership):
        answer = visitor.post(f"/settings/teams/{north.pk}/", {"name": "North", "parent": leeds.pk})

    assert answer.status_code == 422
    assert "A team cannot be part of itself." in answer.content.decode()


def test_pages_of_teams_are_for_those_who_manage_them(as_member, bob, people):
    north = Team.objects.get(name="North")
    visitor = as_member(bob)

    with nothing_written(Team):
        answers = [
            visitor.get("/settings/teams/"),
            visitor.post("/settings/teams/new/", {"name": "Mine"}),
            visitor.post(f"/settings/teams/{north.pk}/", {"name": "Mine"}),
            visitor.post(f"/settings/teams/{north.pk}/delete/"),
        ]

    assert {answer.status_code for answer in answers} == {403}
