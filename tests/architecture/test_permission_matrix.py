"""What docs/reference/roles.md says of roles and records is what pages and API allow, verb by verb.

What it says of special rights: test_special_rights.py.
"""

from io import StringIO

import pytest
from django.core.management import call_command

from core.actors import Scope
from core.permissions import STARTING, permission_named
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contact
from tenants.members.models import Role, Team, TeamMembership
from tests.conftest import make_member

OWNERS = ("own", "team", "below", "all", "nobody")
REACHED = {
    Scope.OWN: {"own"},
    Scope.TEAM: {"own", "team"},
    Scope.BELOW: {"own", "team", "below"},
    Scope.ALL: set(OWNERS),
}
TYPES = {"contact": ("contacts", Contact), "company": ("companies", Company)}
ROLES = list(Role.Key.values)


def expected(role, verb, record_type):
    """Whose records the role may do this with, by the declarations."""
    if role in ("owner", "admin"):
        return set(OWNERS)
    scope = permission_named(f"customers.{verb}_{record_type}").roles.get(role)
    return REACHED[scope] if scope else set()


@pytest.fixture
def world(alice):
    """A member for a role, and a record of each kind of owner for each type."""

    def build(role, record_type):
        me = make_member("me@acme.test", role)
        others = {
            name: make_member(f"{name}@acme.test", Role.Key.REP)
            for name in ("team", "below", "all")
        }
        north = Team.objects.create(name="North")
        leeds = Team.objects.create(name="Leeds", parent=north)
        TeamMembership.objects.bulk_create(
            TeamMembership(team=team, user=user)
            for team, user in ((north, me), (north, others["team"]), (leeds, others["below"]))
        )
        owners = {"own": me.pk, **{name: user.pk for name, user in others.items()}, "nobody": None}
        make = {"contact": _contact, "company": _company}[record_type]
        return me, {name: make(name, owner, alice.as_actor()) for name, owner in owners.items()}

    return build


def _contact(name, owner, actor):
    return create_contact(given_name=name, owner=owner, actor=actor)


def _company(name, owner, actor):
    return create_company(name=name, owner=owner, actor=actor)


def answers(visitor, ask, records):
    """The owners whose records a request was allowed for; a refusal is 403 or 404."""
    said = {name: ask(visitor, record).status_code for name, record in records.items()}
    assert set(said.values()) <= {200, 204, 302, 403, 404, 422}, said
    return {name for name, status in said.items() if status in (200, 204, 302)}


def by_api(verb, slug):
    url = f"/api/v1/{slug}/{{}}/"
    return {
        "view": lambda visitor, record: visitor.get(url.format(record.pk)),
        "change": lambda visitor, record: visitor.patch(
            url.format(record.pk), {"description": "Seen"}, content_type="application/json"
        ),
        "delete": lambda visitor, record: visitor.delete(url.format(record.pk)),
    }[verb]


def by_page(verb, slug):
    url = f"/{slug}/{{}}/"
    return {
        "view": lambda visitor, record: visitor.get(url.format(record.pk)),
        "change": lambda visitor, record: visitor.get(url.format(record.pk) + "edit/"),
        "delete": lambda visitor, record: visitor.post(url.format(record.pk) + "delete/"),
    }[verb]


@pytest.mark.parametrize("door", [by_page, by_api])
@pytest.mark.parametrize("record_type", TYPES)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_changes_and_deletes_what_the_matrix_says(
    world, as_member, role, record_type, door
):
    me, records = world(role, record_type)
    visitor, slug = as_member(me), TYPES[record_type][0]
    seen = expected(role, "view", record_type)

    done = {
        verb: answers(visitor, door(verb, slug), records) for verb in ("view", "change", "delete")
    }

    assert done == {
        "view": seen,
        "change": seen & expected(role, "change", record_type),
        "delete": seen & expected(role, "delete", record_type),
    }


@pytest.mark.parametrize("record_type", TYPES)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_by_every_verb_what_the_matrix_says(world, role, record_type):
    me, records = world(role, record_type)
    actor, model = me.as_actor(), TYPES[record_type][1]

    for verb in ("view", "change", "delete", "destroy", "export", "share"):
        within = set(model.objects.all().within(actor, verb))
        assert {name for name, each in records.items() if each in within} == expected(
            role, verb, record_type
        ), verb


@pytest.mark.parametrize("role", ROLES)
def test_a_role_adds_imports_and_exports_as_the_matrix_says(as_member, role):
    me = make_member("me@acme.test", role)
    visitor = as_member(me)
    for record_type, (slug, _model) in TYPES.items():
        said = {"add": visitor.get(f"/{slug}/new/").status_code == 200}
        said["export"] = visitor.get(f"/{slug}/export/").status_code == 200
        wanted = {verb: bool(expected(role, verb, record_type)) for verb in said}
        assert said == wanted, record_type
    imports = visitor.get("/import/").status_code == 200
    assert imports == any(expected(role, "import", each) for each in TYPES)


def test_every_role_of_the_matrix_is_a_role():
    assert STARTING.keys() <= set(Role.Key.values)


def test_the_document_says_what_is_declared():
    call_command("permission_matrix", "--check", stdout=StringIO())
