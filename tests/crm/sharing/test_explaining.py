"""What is told of who sees a record is exactly who sees it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.actors import Scope
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contact
from crm.sharing.explaining import access_to
from crm.sharing.operations import share_record
from tenants.members.models import RecordShare, Role, Team, TeamMembership, User
from tenants.members.models.roles import grants_of
from tests.conftest import make_member

NAMES = ("ann", "ben", "cem", "dan")


@pytest.fixture
def people():
    return [make_member(f"{name}@acme.test", Role.Key.REP) for name in NAMES]


def told(record, verb):
    return {each.member.pk for each in access_to(record) if getattr(each, verb)}


def true(record, verb):
    members = User.objects.select_related("role").filter(is_active=True)
    rows = Contact.objects.filter(deleted_at=None)
    return {
        member.pk
        for member in members
        if record in rows.within(member.as_actor(), verb)
        and record in rows.within(member.as_actor(), "view")
    }


SCOPES = st.sampled_from([None, *Scope])
PICKS = st.lists(st.integers(0, 3), max_size=3, unique=True)


@settings(max_examples=40)
@given(
    view=st.lists(SCOPES, min_size=4, max_size=4),
    change=st.lists(SCOPES, min_size=4, max_size=4),
    teams=st.lists(st.tuples(PICKS, st.none() | st.integers(0, 3)), min_size=3, max_size=3),
    shared=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["view", "change"])), max_size=3),
    owner=st.none() | st.integers(0, 3),
)
def test_reasons_are_given_to_those_and_only_those_who_see_or_change(
    people, alice, view, change, teams, shared, owner
):
    TeamMembership.objects.all().delete()
    RecordShare.objects.all().delete()
    Team.objects.update(parent=None)
    Team.objects.all().delete()
    for number, member in enumerate(people):
        scopes = {"view": view[number], "change": change[number]}
        grants = {f"customers.{verb}_contact": scope for verb, scope in scopes.items() if scope}
        role, _new = Role.objects.get_or_create(name=f"R{number}")
        Role.objects.filter(pk=role.pk).update(grants=grants_of(grants))
        User.objects.filter(pk=member.pk).update(role=role)
    parent, made = None, []
    for number, (members, manager) in enumerate(teams):
        head = None if manager is None else people[manager]
        parent = Team.objects.create(name=f"T{number}", parent=parent, manager=head)
        made.append(parent)
        TeamMembership.objects.bulk_create(
            TeamMembership(team=parent, user=people[each]) for each in members
        )
    record = create_contact(
        given_name="Zoe",
        owner=None if owner is None else people[owner].pk,
        actor=alice.as_actor(),
    )
    targets = [*({"member": each} for each in people), *({"team": each} for each in made[:2])]
    for at, level in shared:
        share_record(record, level=level, actor=alice.as_actor(), **targets[at])

    for verb in ("view", "change"):
        assert told(record, verb) == true(record, verb)


def test_reasons_are_told_in_words(alice, bob, people):
    record = create_contact(given_name="Zoe", owner=bob.pk, actor=alice.as_actor())
    north = Team.objects.create(name="North")
    TeamMembership.objects.bulk_create(
        [TeamMembership(team=north, user=bob), TeamMembership(team=north, user=people[0])]
    )
    share_record(record, level="view", actor=alice.as_actor(), member=people[1])

    said = {each.member.email: each.view for each in access_to(record)}

    assert said == {
        "alice@acme.test": ("The role Owner is for the records of everybody.",),
        "bob@acme.test": ("Owns the record.",),
        "ann@acme.test": ("The owner is in the team North.",),
        "ben@acme.test": ("Shared with them by alice@acme.test.",),
    }


def test_telling_who_sees_a_record_costs_the_same_for_many_members(
    alice, people, django_assert_max_num_queries
):
    record = create_contact(given_name="Zoe", actor=alice.as_actor())
    for number in range(30):
        make_member(f"m{number}@acme.test", Role.Key.REP)

    with django_assert_max_num_queries(4):
        access_to(record)
