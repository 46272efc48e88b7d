"""The demo's people work in teams, so that whoever logs in sees something else."""

import pytest

from config.demo.cast import ACME, DEMOS
from config.demo.workspaces import fill_demo
from crm.customers.models.companies import Company
from tenants.members.models import Role, Team, User


def actor(name):
    member = User.objects.select_related("role").get(email=f"{name}@acme.example")
    return member.as_actor()


def seen_by(name):
    return set(Company.objects.visible_to(actor(name)))


def changed_by(name):
    return set(Company.objects.all().within(actor(name), "change"))


def owned_by(*names):
    emails = [f"{name}@acme.example" for name in names]
    return set(Company.objects.filter(owner__email__in=emails))


@pytest.fixture
def demo(acme):
    fill_demo(ACME, companies=60)


def test_everybody_reaches_what_their_role_and_teams_allow(demo):
    everything = set(Company.objects.all())

    assert len(everything) == 60
    assert seen_by("alice") == changed_by("alice") == seen_by("carol") == everything
    assert changed_by("carol") == set()
    assert seen_by("bob") == owned_by("bob", "erik")
    assert changed_by("bob") == owned_by("bob")
    assert seen_by("dana") == everything
    assert changed_by("dana") == owned_by("dana", "bob", "erik", "farah", "grace")
    assert changed_by("farah") == owned_by("farah", "grace")
    assert all(owned_by(name) for name in ("alice", "bob", "dana", "erik", "farah", "grace"))


def test_filling_it_again_adds_nothing(demo):
    before = [model.objects.count() for model in (User, Team, Company)]

    fill_demo(ACME, companies=60)

    assert [model.objects.count() for model in (User, Team, Company)] == before


@pytest.mark.parametrize("demo", DEMOS, ids=lambda each: each.wanted.slug)
def test_the_first_is_the_owner_and_teams_name_people_there_are(demo):
    known = {person.email for person in demo.people}

    assert (demo.people[0].email, demo.people[0].role) == (demo.wanted.email, Role.Key.OWNER)
    named = {email for group in demo.groups for email in (group.manager, *group.members)}
    assert named < known
    assert {group.part_of for group in demo.groups} <= {"", *(each.name for each in demo.groups)}
