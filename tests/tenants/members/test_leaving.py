"""Whoever leaves cannot do anything from that moment on, and what they owned goes to a successor."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from api.keys.models import ApiKey
from api.keys.operations import create_key
from api.scim.models import ScimSettings
from billing.entitlements import answered_by
from core.actors import Actor
from core.events.models import Event
from core.isolation.scope import control_plane
from core.permissions import all_permissions
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contacts
from crm.history.models import ChangeSet
from crm.history.operations.undoing import begin_undo
from crm.history.running import carry_on
from tenants.members.directory import workspaces_of
from tenants.members.giving import RightsExceeded
from tenants.members.leaving import FAREWELLS
from tenants.members.models import Role, Team, User
from tenants.members.operations.leaving import (
    NotYourself,
    deactivate_member,
    default_successor,
    leave_workspace,
    reactivate_member,
)
from tenants.members.operations.roles import LastOwner, transfer_ownership
from tenants.members.operations.service_accounts import create_service_account
from tenants.members.operations.teams import create_team, update_team
from tenants.members.permissions import MANAGE_TEAMS
from tenants.members.seats import SeatsTaken
from tests.conftest import PASSWORD, Visitor, make_member, nothing_written


@pytest.fixture
def owned(bob):
    """Two contacts and a company of Bob's."""
    actor = bob.as_actor()
    made = create_contacts(
        {name: {"given_name": name} for name in ("Ann", "Ben")}, actor=actor
    ).records.values()
    return [*made, create_company(name="Initech", actor=actor)]


def test_sessions_and_keys_end_at_once(as_member, alice, bob, acme):
    visitor = as_member(bob)
    _key, secret = create_key(actor=bob.as_actor(), name="Script")
    program = Visitor(acme)
    call = {"headers": {"Authorization": f"Bearer {secret}"}}
    assert visitor.get("/").status_code == 200
    assert program.get("/api/v1/contacts/", **call).status_code == 200

    deactivate_member(bob, successor=None, actor=alice.as_actor())

    assert visitor.get("/").url.startswith("/login/")
    assert program.get("/api/v1/contacts/", **call).status_code == 401
    assert ApiKey.objects.get(user=bob).revoked_at is not None
    log_in = Visitor(acme).post("/login/", {"login": bob.email, "password": PASSWORD})
    assert "_auth_user_id" not in log_in.wsgi_request.session
    with control_plane("look the address up"):
        assert workspaces_of(bob.email) == []


def test_what_they_owned_goes_to_the_successor(alice, bob, carol, owned, work):
    deactivate_member(bob, successor=carol, actor=alice.as_actor())
    work()

    assert {each.owner_id for model in (Contact, Company) for each in model.objects.all()} == {
        carol.pk
    }
    assert set(ChangeSet.objects.values_list("action", "state")) == {("hand_over", "done")}


def test_who_manages_members_hands_over_what_they_could_not_change(alice, bob, carol, owned, work):
    Role.objects.filter(key="viewer").update(grants=["members.manage_members"])
    Role.objects.filter(key="rep").update(grants=[])
    carol, bob = (User.objects.select_related("role").get(pk=each.pk) for each in (carol, bob))

    deactivate_member(bob, successor=alice, actor=carol.as_actor())
    work()

    assert set(Contact.objects.values_list("owner", flat=True)) == {alice.pk}


def test_an_undone_hand_over_gives_nothing_back_to_somebody_who_left(
    alice, bob, carol, owned, work
):
    deactivate_member(bob, successor=carol, actor=alice.as_actor())
    work()
    done = ChangeSet.objects.get(record_type="contact")

    carry_on(begin_undo(done, actor=alice.as_actor(), at=done.created_at).pk)

    assert set(Contact.objects.values_list("owner", flat=True)) == {carol.pk}


def test_without_a_successor_records_stay_where_they_are(alice, bob, owned, work):
    deactivate_member(bob, successor=None, actor=alice.as_actor())
    work()

    assert set(Contact.objects.values_list("owner", flat=True)) == {bob.pk}


def test_a_successor_is_somebody_else_who_works_here(alice, bob, carol):
    deactivate_member(carol, successor=None, actor=alice.as_actor())
    carol.refresh_from_db()

    with nothing_written(User, Event):
        for successor in (bob, carol):
            with pytest.raises(ValidationError):
                deactivate_member(bob, successor=successor, actor=alice.as_actor())


@pytest.fixture
def robot(alice):
    viewer = Role.objects.get(key=Role.Key.VIEWER)
    return create_service_account(name="Ledger", role=viewer, actor=alice.as_actor())


def test_no_program_is_offered_to_take_over(as_member, alice, bob, carol, robot):
    visitor = as_member(alice)
    pages = {
        f"/settings/members/{bob.pk}/deactivate/": "form",
        f"/settings/service-accounts/{robot.pk}/": "ending",
        "/settings/scim/": "form",
        "/settings/profile/leave/": "form",
    }

    for address, form in pages.items():
        offered = visitor.get(address).context[form].fields["successor"].queryset
        assert carol in offered
        assert robot not in offered


def test_no_program_takes_over_from_anybody(as_member, alice, bob, robot):
    other = create_service_account(name="Books", role=robot.role, actor=alice.as_actor())
    visitor, said = as_member(alice), json.dumps({"successor": str(robot.pk)})
    of_other = f"service-accounts/{other.pk}/deactivate/"

    with nothing_written(User, ScimSettings, Event):
        for address in (f"members/{bob.pk}/deactivate/", "me/leave/", of_other):
            answer = visitor.post(f"/api/v1/{address}", said, content_type="application/json")
            assert answer.status_code == 400
        answer = visitor.patch("/api/v1/provisioning/", said, content_type="application/json")
        assert answer.status_code == 400
        page = visitor.post(f"/settings/{of_other}", {"successor": robot.pk})
        assert (page.status_code, list(page.context["ending"].errors)) == (422, ["successor"])
        with pytest.raises(ValidationError):
            deactivate_member(bob, successor=robot, actor=alice.as_actor())


def test_no_program_manages_a_team_or_takes_over_by_it(as_member, alice, bob, robot):
    visitor, north = as_member(alice), create_team(name="North", actor=alice.as_actor())
    page, api = f"/settings/teams/{north.pk}/", f"/api/v1/teams/{north.pk}/"

    with nothing_written(Team, Event):
        form = {"name": "North", "manager": robot.pk}
        assert visitor.post(page, form).status_code == 422
        answer = visitor.patch(api, {"manager": robot.pk}, content_type="application/json")
        assert answer.status_code == 400
        with pytest.raises(ValidationError):
            update_team(north, changes={"manager": robot}, actor=alice.as_actor())
        with pytest.raises(ValidationError):
            create_team(name="South", manager=robot, actor=alice.as_actor())
    # It belongs to teams all the same, and stays in them when the form is saved.
    assert visitor.post(page, {"name": "North", "members": [bob.pk, robot.pk]}).status_code == 302
    assert set(north.members.all()) == {bob, robot}
    answer = visitor.patch(api, {"members": [str(robot.pk)]}, content_type="application/json")
    assert (answer.status_code, set(north.members.all())) == (200, {robot})
    # One that managed a team before this was refused hands nothing on to itself.
    north.memberships.create(user=bob)
    Team.objects.update(manager=robot)
    assert default_successor(bob) == alice


def test_nobody_deactivates_themselves_the_last_owner_or_somebody_with_more_rights(alice, bob):
    dora = make_member("dora@acme.test", Role.Key.ADMIN)

    with nothing_written(User, Event):
        with pytest.raises(NotYourself):
            deactivate_member(dora, successor=None, actor=dora.as_actor())
        with pytest.raises(RightsExceeded):
            deactivate_member(alice, successor=None, actor=dora.as_actor())
        with pytest.raises(PermissionDenied):
            deactivate_member(dora, successor=None, actor=bob.as_actor())
    User.objects.filter(pk=dora.pk).update(role=alice.role)
    dora = User.objects.select_related("role").get(pk=dora.pk)
    deactivate_member(alice, successor=None, actor=dora.as_actor())
    with nothing_written(User, Event):
        with pytest.raises(NotYourself):
            deactivate_member(dora, successor=None, actor=dora.as_actor())
        # Somebody else with every right, as a provider's token may have.
        with pytest.raises(LastOwner):
            deactivate_member(dora, successor=None, actor=Actor.system("test", *all_permissions()))
        with pytest.raises(LastOwner):
            leave_workspace(successor=None, actor=dora.as_actor())


def test_a_member_comes_back_without_the_keys_that_ended(alice, bob, acme):
    create_key(actor=bob.as_actor(), name="Script")
    deactivate_member(bob, successor=None, actor=alice.as_actor())

    reactivate_member(bob, actor=alice.as_actor())

    assert Visitor(acme).post("/login/", {"login": bob.email, "password": PASSWORD}).url == "/"
    assert ApiKey.objects.filter(user=bob, revoked_at=None).count() == 0
    with control_plane("look the address up"):
        assert len(workspaces_of(bob.email)) == 1


def test_nobody_comes_back_without_a_seat(alice, bob):
    deactivate_member(bob, successor=None, actor=alice.as_actor())

    with (
        answered_by(lambda name: 1),
        nothing_written(User),
        pytest.raises(SeatsTaken),
    ):
        reactivate_member(bob, actor=alice.as_actor())


def test_a_member_leaves_by_themselves_and_their_records_go_to_their_manager(
    as_member, acme, bob, carol, owned
):
    create_team(
        name="North", manager=carol, members=[bob.pk], actor=Actor.system("test", MANAGE_TEAMS)
    )
    visitor, elsewhere = as_member(bob), as_member(bob)
    _key, secret = create_key(actor=bob.as_actor(), name="Script")
    assert b"Carol Vane" in visitor.get("/settings/profile/leave/").content

    assert visitor.post("/settings/profile/leave/").url == "/login/"

    assert not User.objects.get(pk=bob.pk).is_active
    assert visitor.get("/").url.startswith("/login/")
    assert elsewhere.get("/").url.startswith("/login/")
    program = Visitor(acme, headers={"authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/contacts/").status_code == 401
    # At once: nothing waits for a job.
    owners = {each.owner_id for model in (Contact, Company) for each in model.objects.all()}
    assert owners == {carol.pk}


def test_without_a_team_an_owner_takes_over(alice, bob, owned):
    assert default_successor(bob) == alice

    leave_workspace(successor=None, actor=bob.as_actor())

    assert set(Contact.objects.values_list("owner", flat=True)) == {alice.pk}


def test_only_who_manages_members_chooses_a_successor(alice, bob, carol, owned):
    dora = make_member("dora@acme.test", Role.Key.ADMIN)

    leave_workspace(successor=carol, actor=bob.as_actor())
    assert set(Contact.objects.values_list("owner", flat=True)) == {alice.pk}
    Contact.objects.update(owner=dora)
    leave_workspace(successor=carol, actor=dora.as_actor())
    assert set(Contact.objects.values_list("owner", flat=True)) == {carol.pk}


def test_the_last_owner_is_told_how_to_leave(as_member, alice, bob):
    visitor = as_member(alice)

    page = visitor.get("/settings/profile/leave/").content.decode()
    assert "only owner" in page
    assert "/settings/members/" in page
    with nothing_written(User, Event):
        assert visitor.post("/settings/profile/leave/", {"successor": bob.pk}).status_code == 409
    transfer_ownership(bob, actor=alice.as_actor())
    assert visitor.post("/settings/profile/leave/", {"successor": bob.pk}).status_code == 302


def test_a_program_leaves_nothing(acme, bob):
    key, _secret = create_key(actor=bob.as_actor(), name="Script")

    with nothing_written(User, Event), pytest.raises(PermissionDenied):
        leave_workspace(successor=None, actor=key.as_actor())


def test_leaving_asks_first_who_it_is(acme, bob):
    visitor = Visitor(acme)
    visitor.force_login(bob, is_proven=False)

    with nothing_written(User, Event):
        response = visitor.post("/settings/profile/leave/")

    assert response.url.startswith("/reauthenticate/")


def test_a_refusal_leaves_everything_open(alice, bob, owned, monkeypatch):
    """Closing the log-in and handing over are one transaction: when one fails, neither was done."""

    def fail(member, successor, *, actor):
        raise RuntimeError("The store is gone.")

    monkeypatch.setattr("tenants.members.operations.leaving.FAREWELLS", [*FAREWELLS, fail])
    with nothing_written(User, ApiKey, Contact, Event), pytest.raises(RuntimeError):
        deactivate_member(bob, successor=alice, actor=alice.as_actor())
