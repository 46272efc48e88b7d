"""Programs with a role and teams of their own: they have keys, no log-in and no seat."""

import json
import re

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import PermissionDenied, ValidationError

from api.keys.models import ApiKey
from api.keys.operations import create_key
from core.events.models import Event
from crm.customers.models.companies import Company
from crm.customers.operations.companies import create_company
from tenants.members.giving import RightsExceeded
from tenants.members.models import LoginPolicy, Role, Team, TeamMembership, User
from tenants.members.operations.leaving import deactivate_member
from tenants.members.operations.roles import OwnedByPeople, change_role
from tenants.members.operations.service_accounts import (
    create_service_account,
    update_service_account,
)
from tenants.members.seats import seats_used
from tests.api.conftest import Program
from tests.conftest import Visitor, nothing_written

PAGE, API, KEYS = "/settings/service-accounts/", "/api/v1/service-accounts/", "/api/v1/api-keys/"
COMPANIES = "/api/v1/companies/"


@pytest.fixture
def rep():
    return Role.objects.get(key=Role.Key.REP)


@pytest.fixture
def robot(alice, rep):
    return create_service_account(name="Ledger", role=rep, actor=alice.as_actor())


@pytest.fixture
def program(acme, alice, robot):
    _key, secret = create_key(actor=alice.as_actor(), name="Nightly", holder=robot)
    return Program(acme, secret)


def test_what_it_does_is_in_its_own_name_and_reach(program, robot, alice):
    create_company(actor=alice.as_actor(), name="Not its")
    made = program.send("post", COMPANIES, {"name": "Its"})

    assert made.status_code == 201
    assert Company.objects.get(name="Its").owner_id == robot.pk
    assert [each["name"] for each in program.get(COMPANIES).json()["results"]] == ["Its"]


def test_it_reaches_the_records_of_its_teams(program, robot, bob, alice):
    team = Team.objects.create(name="Sales")
    TeamMembership.objects.create(team=team, user=bob)
    create_company(actor=bob.as_actor(), name="Bob's")
    assert program.get(COMPANIES).json()["count"] == 0

    update_service_account(robot, teams=[team], actor=alice.as_actor())

    assert program.get(COMPANIES).json()["count"] == 1


def test_a_new_role_holds_from_the_next_call_on(program, robot, alice):
    viewer = Role.objects.get(key=Role.Key.VIEWER)
    update_service_account(robot, role=viewer, actor=alice.as_actor())

    with nothing_written(Company):
        assert program.send("post", COMPANIES, {"name": "x"}).status_code == 403


def test_it_cannot_log_in(acme, robot):
    assert not robot.has_usable_password()
    robot.set_password("correct horse battery")
    robot.save()

    assert authenticate(None, email=robot.email, password="correct horse battery") is None
    visitor = Visitor(acme)
    visitor.force_login(robot)
    assert visitor.get("/contacts/").status_code == 302


def test_it_needs_no_second_factor_and_obeys_the_networks(program, alice):
    LoginPolicy.objects.create(second_factor_since="2020-01-01T00:00Z", grace_days=0)
    assert program.get(COMPANIES).status_code == 200

    LoginPolicy.objects.update(networks=["203.0.113.0/24"])
    assert program.get(COMPANIES).json()["code"] == "outside_networks"


def test_it_takes_no_seat_and_is_listed_apart(as_member, alice, robot):
    assert seats_used() == User.objects.filter(is_active=True).count() - 1
    visitor = as_member(alice)

    assert "Ledger" not in visitor.get("/settings/members/").content.decode()
    assert "Ledger" in visitor.get(PAGE).content.decode()
    assert visitor.get(f"/settings/members/{robot.pk}/").status_code == 404


def test_it_never_owns_the_workspace(alice, robot):
    owner, actor = Role.objects.get(key=Role.Key.OWNER), alice.as_actor()

    with nothing_written(User, Event):
        with pytest.raises(OwnedByPeople):
            create_service_account(name="x", role=owner, actor=actor)
        with pytest.raises(OwnedByPeople):
            update_service_account(robot, role=owner, actor=actor)
        with pytest.raises(OwnedByPeople):
            change_role(robot, owner, actor=actor)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_it_has_a_name(alice, rep, name):
    with nothing_written(User), pytest.raises(ValidationError):
        create_service_account(name=name, role=rep, actor=alice.as_actor())


def test_only_admins_manage_them(as_member, bob, robot, rep):
    visitor = as_member(bob)

    with nothing_written(User, ApiKey, Event):
        with pytest.raises(PermissionDenied):
            create_service_account(name="x", role=rep, actor=bob.as_actor())
        with pytest.raises(PermissionDenied):
            update_service_account(robot, name="x", actor=bob.as_actor())
        with pytest.raises(PermissionDenied):
            create_key(actor=bob.as_actor(), name="x", holder=robot)
        for url in (PAGE, f"{PAGE}{robot.pk}/", API, f"{API}{robot.pk}/"):
            assert visitor.get(url).status_code == 403
        for action in ("keys", "deactivate", "reactivate"):
            assert visitor.post(f"{PAGE}{robot.pk}/{action}/").status_code == 403


def test_nobody_gives_it_more_than_they_may_do_themselves(bob, rep):
    rep.grants = [*rep.grants, "members.manage_service_accounts"]
    rep.save()
    admin = Role.objects.get(key=Role.Key.ADMIN)
    actor = User.objects.select_related("role").get(pk=bob.pk).as_actor()
    strong = User(email="x@service.invalid", role=admin, given_name="Strong", is_service=True)
    strong.save(force_insert=True)

    with nothing_written(User, ApiKey):
        with pytest.raises(RightsExceeded):
            create_service_account(name="x", role=admin, actor=actor)
        with pytest.raises(RightsExceeded):
            create_key(actor=actor, name="x", holder=strong)
        with pytest.raises(RightsExceeded):
            update_service_account(strong, role=rep, actor=actor)
    assert create_service_account(name="Own", role=rep, actor=actor).is_service


@pytest.fixture
def keeper(bob, rep):
    """Bob, who manages service accounts and not teams."""
    rep.grants = [*rep.grants, "members.manage_service_accounts"]
    rep.save()
    return User.objects.select_related("role").get(pk=bob.pk)


def test_only_who_manages_teams_puts_it_into_one(as_member, keeper, robot, rep):
    """A program in a team reads what the team's members own, and so would whoever makes its key."""
    team, visitor = Team.objects.create(name="Sales"), as_member(keeper)
    said = {"name": "Ledger", "role": str(rep.pk), "teams": [str(team.pk)]}

    def by_api(method, url):
        return getattr(visitor, method)(url, json.dumps(said), content_type="application/json")

    assert b'name="teams"' not in visitor.get(PAGE).content
    assert b'name="teams"' not in visitor.get(f"{PAGE}{robot.pk}/").content
    with nothing_written(User, TeamMembership, Event):
        assert by_api("post", API).status_code == 403
        assert by_api("patch", f"{API}{robot.pk}/").status_code == 403
        with pytest.raises(PermissionDenied):
            create_service_account(name="x", role=rep, teams=[team], actor=keeper.as_actor())
        with pytest.raises(PermissionDenied):
            update_service_account(robot, teams=[team], actor=keeper.as_actor())
    with nothing_written(TeamMembership):
        assert visitor.post(PAGE, said).status_code == 302
        assert visitor.post(f"{PAGE}{robot.pk}/", said).status_code == 302


def test_what_is_not_asked_keeps_its_teams(as_member, keeper, robot):
    team = Team.objects.create(name="Sales")
    TeamMembership.objects.create(team=team, user=robot)

    form = {"name": "Books", "role": robot.role_id}
    assert as_member(keeper).post(f"{PAGE}{robot.pk}/", form).status_code == 302

    assert list(robot.teams.all()) == [team]


def test_its_teams_are_told_as_those_of_any_member(alice, robot):
    team = Team.objects.create(name="Sales")

    update_service_account(robot, teams=[team], actor=alice.as_actor())

    told = Event.objects.get(name="member.teams_changed", subject_id=robot.pk)
    assert told.payload == {"teams": [str(team.pk)]}


def test_nobody_makes_keys_of_another_member(alice, bob):
    with nothing_written(ApiKey, Event), pytest.raises(PermissionDenied):
        create_key(actor=alice.as_actor(), name="x", holder=bob)


def test_its_keys_end_with_it_and_what_it_owns_is_handed_over(program, robot, alice, bob, work):
    program.send("post", COMPANIES, {"name": "Its"})
    deactivate_member(robot, successor=bob, actor=alice.as_actor())
    work()

    assert program.get(COMPANIES).status_code == 401
    assert Company.objects.get().owner_id == bob.pk
    with nothing_written(ApiKey), pytest.raises(PermissionDenied):
        create_key(actor=alice.as_actor(), name="x", holder=robot)


def test_pages_make_change_and_end_one(as_member, alice, rep):
    visitor = as_member(alice)
    team = Team.objects.create(name="Sales")

    made = visitor.post(PAGE, {"name": "Ledger", "role": rep.pk, "teams": [team.pk]})
    robot = User.objects.get(is_service=True)
    url = f"{PAGE}{robot.pk}/"
    assert made.headers["Location"] == url
    assert list(robot.teams.all()) == [team]
    assert visitor.get(url).status_code == 200
    assert visitor.post(url, {"name": "", "role": rep.pk}).status_code == 422
    assert visitor.post(url, {"name": "Books", "role": rep.pk}).status_code == 302
    robot.refresh_from_db()
    assert (robot.name, robot.teams.count()) == ("Books", 0)

    shown = visitor.post(f"{url}keys/", {"name": "Nightly", "extent": "everything"})
    assert shown.context["secret"] in shown.content.decode()
    assert ApiKey.objects.get().user_id == robot.pk
    assert visitor.post(f"{url}keys/", {"name": ""}).status_code == 422

    visitor.post(f"{url}deactivate/", {})
    robot.refresh_from_db()
    assert not robot.is_active
    assert ApiKey.objects.get().revoked_at is not None
    visitor.post(f"{url}reactivate/")
    robot.refresh_from_db()
    assert robot.is_active


def test_beside_a_new_key_the_form_of_the_account_is_as_it_was(as_member, alice, robot):
    team, visitor = Team.objects.create(name="Sales"), as_member(alice)
    TeamMembership.objects.create(team=team, user=robot)

    page = visitor.post(
        f"{PAGE}{robot.pk}/keys/", {"name": "Nightly", "extent": "everything", "teams": []}
    )

    assert page.context["secret"]
    shown = {field.name: field.value() for field in page.context["form"]}
    assert shown == {"name": "Ledger", "role": robot.role_id, "teams": [team.pk]}
    assert visitor.post(f"{PAGE}{robot.pk}/", shown).status_code == 302
    assert list(robot.teams.all()) == [team]


def test_the_api_makes_changes_and_ends_one(as_member, alice, bob, rep):
    visitor = as_member(alice)

    def send(method, url, body):
        return getattr(visitor, method)(url, json.dumps(body), content_type="application/json")

    made = send("post", API, {"name": "Ledger", "role": str(rep.pk)})
    assert made.status_code == 201
    url = f"{API}{made.json()['id']}/"
    assert send("patch", url, {"name": "Books"}).json()["name"] == "Books"
    for field in ("email", "is_service", "is_active", "password"):
        assert send("patch", url, {field: "x"}).status_code in (400, 200)
    key = send("post", KEYS, {"name": "Nightly", "holder": made.json()["id"]})
    assert (key.status_code, key.json()["holder"]) == (201, made.json()["id"])
    assert send("post", KEYS, {"name": "x", "holder": str(bob.pk)}).status_code == 400

    assert (
        send("post", f"{url}deactivate/", {"successor": str(bob.pk)}).json()["is_active"] is False
    )
    assert send("post", f"{url}reactivate/", {}).json()["is_active"] is True
    assert visitor.get(API).json()["count"] == 1


def test_ending_it_is_asked_about_with_the_choice_made_before(as_member, alice, robot):
    page = as_member(alice).get(f"{PAGE}{robot.pk}/").content.decode()

    [dialog] = re.findall(r'<dialog class="dialog" id="end-account".*?</dialog>', page, re.DOTALL)
    assert "End Ledger?" in dialog
    # The form that is sent is the page's own: it has who gets the records.
    assert 'form="ending"' in dialog
    assert '<form method="post"' not in dialog
    [form] = re.findall(r'<form [^>]*id="ending".*?</form>', page, re.DOTALL)
    assert 'name="successor"' in form
    assert 'data-opens="end-account"' in form


def test_the_mail_about_its_key_goes_to_who_made_it(mailoutbox, alice, robot):
    create_key(actor=alice.as_actor(), name="Nightly", holder=robot)

    assert [message.to for message in mailoutbox] == [["alice@acme.test"]]
    assert "Ledger" in mailoutbox[0].body
