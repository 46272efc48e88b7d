"""The form of a key offers single permissions under the groups: those its maker has, and no wider."""

import re

import pytest

from api.keys.models import ApiKey
from core.actors import Scope
from core.events.models import Event
from core.permissions import permissions
from crm.customers.operations.contacts import create_contact
from tenants.members.models import Role
from tenants.members.operations.service_accounts import create_service_account
from tests.api.conftest import Program
from tests.conftest import PASSWORD, Visitor, nothing_written

PAGE = "/settings/api-keys/"
FORM = {"name": "Feed", "lifetime": "30", "extent": "limited"}
VIEW, CHANGE = "right-customers.view_contact", "right-customers.change_contact"
DESTROY, TAG = "right-customers.destroy_contact", "right-customers.add_tag"


@pytest.fixture
def robot(alice):
    """A service account of a rep."""
    rep = Role.objects.get(key="rep")
    return create_service_account(name="Feed", role=rep, actor=alice.as_actor())


def offered(page):
    """Return the permissions a page has fields for."""
    return set(re.findall(r'name="right-([\w.]+)"', page.content.decode()))


def test_they_become_what_the_key_is_limited_to(as_member, bob, acme):
    said = {"group-notes": "read", VIEW: "own", TAG: "on", CHANGE: ""}
    made = as_member(bob).post(PAGE, FORM | said)

    assert made.status_code == 200
    assert ApiKey.objects.get().grants == [
        "customers.add_tag",
        "customers.view_contact:own",
        "notes:read",
    ]
    program = Program(acme, made.context["secret"])
    assert program.get("/api/v1/contacts/").status_code == 200
    assert program.get("/api/v1/companies/").status_code == 403


def test_the_key_reaches_no_further_than_they_say(as_member, alice, bob, acme):
    mine = create_contact(actor=alice.as_actor(), given_name="Mine", owner=alice.pk)
    his = create_contact(actor=alice.as_actor(), given_name="His", owner=bob.pk)
    made = as_member(alice).post(PAGE, FORM | {VIEW: "own"})

    program = Program(acme, made.context["secret"])
    assert program.get(f"/api/v1/contacts/{mine.pk}/").status_code == 200
    assert program.get(f"/api/v1/contacts/{his.pk}/").status_code == 404


def test_one_alone_is_enough(as_member, alice):
    assert as_member(alice).post(PAGE, FORM | {VIEW: "all"}).status_code == 200
    assert ApiKey.objects.get().grants == ["customers.view_contact"]


def test_those_the_maker_has_are_offered_and_no_others(as_member, alice, bob):
    every = {each.name for each in permissions()}
    assert offered(as_member(alice).get(PAGE)) == every

    held = bob.as_actor().permissions
    assert offered(as_member(bob).get(PAGE)) == held
    assert "customers.destroy_contact" in every - held


@pytest.mark.parametrize("scope", [Scope.TEAM, Scope.BELOW, Scope.ALL])
def test_a_wider_scope_than_the_makers_is_refused(as_member, bob, scope):
    with nothing_written(ApiKey, Event):
        answer = as_member(bob).post(PAGE, FORM | {CHANGE: scope.value})

    assert answer.status_code == 422
    assert b"<details" in answer.content


def test_what_the_maker_does_not_have_is_no_choice(as_member, bob):
    with nothing_written(ApiKey, Event):
        answer = as_member(bob).post(PAGE, FORM | {DESTROY: "all"})
        assert answer.status_code == 422
    as_member(bob).post(PAGE, FORM | {DESTROY: "all", VIEW: "own"})
    assert ApiKey.objects.get().grants == ["customers.view_contact:own"]


def test_a_key_for_everything_names_none(as_member, bob):
    as_member(bob).post(PAGE, FORM | {"extent": "everything", VIEW: "own"})

    assert ApiKey.objects.get().grants is None


def test_what_was_chosen_is_there_again_after_a_refusal(as_member, bob):
    with nothing_written(ApiKey, Event):
        page = as_member(bob).post(PAGE, FORM | {"name": "", VIEW: "own", TAG: "on"})

    shown = page.content.decode()
    assert page.status_code == 422
    assert re.search(r"<details[^>]* open>\s*<summary[^>]*>.*?Single permissions", shown, re.S)
    assert re.search(rf'name="{VIEW}".*?<option value="own" selected', shown, re.S)
    assert re.search(rf'<input type="checkbox" name="{TAG}"[^>]* checked', shown)


def test_they_are_folded_until_one_is_chosen(as_member, bob):
    shown = as_member(bob).get(PAGE).content.decode()

    assert not re.search(r"<details[^>]* open>\s*<summary[^>]*>.*?Single permissions", shown, re.S)


def test_what_was_typed_waits_while_its_maker_says_who_they_are(acme, bob):
    visitor = Visitor(acme)
    visitor.force_login(bob, is_proven=False)
    with nothing_written(ApiKey, Event):
        away = visitor.post(PAGE, FORM | {VIEW: "own"})
        assert away.url.startswith("/reauthenticate/")
        back = visitor.post(away.url, {"password": PASSWORD})
        page = visitor.get(back.url)

    assert back.url == PAGE
    assert re.search(rf'name="{VIEW}".*?<option value="own" selected', page.content.decode(), re.S)
    assert b'value="Feed"' in page.content


def test_a_service_accounts_key_is_offered_what_the_account_may_do(as_member, alice, robot):
    visitor, place = as_member(alice), f"/settings/service-accounts/{robot.pk}/"
    assert offered(visitor.get(place)) == robot.as_actor().permissions

    with nothing_written(ApiKey, Event):
        assert visitor.post(f"{place}keys/", FORM | {CHANGE: "all"}).status_code == 422
    assert visitor.post(f"{place}keys/", FORM | {CHANGE: "own"}).status_code == 200
    key = ApiKey.objects.get()
    assert (key.user, key.grants) == (robot, ["customers.change_contact:own"])


def test_its_form_waits_too(acme, alice, robot):
    visitor, place = Visitor(acme), f"/settings/service-accounts/{robot.pk}/keys/"
    visitor.force_login(alice, is_proven=False)
    with nothing_written(ApiKey, Event):
        assert visitor.post(place, FORM | {CHANGE: "own"}).url.startswith("/reauthenticate/")
        visitor.force_login(alice)
        assert visitor.get(place).status_code == 200
