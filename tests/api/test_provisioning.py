"""What an admin says of provisioning on its page is said by API too, by the same people."""

import json

import pytest

from api.scim.models import ScimSettings, ScimTeam, ScimToken
from core.events.models import Event
from tenants.members.models import Role, Team
from tests.api.scim.conftest import Provider
from tests.conftest import Visitor, inside, nothing_written

API = "/api/v1/provisioning/"
TOKENS, ROLES = f"{API}tokens/", f"{API}team-roles/"


def send(visitor, method, url, body=None):
    said = json.dumps(body, default=str)
    return getattr(visitor, method)(url, said, content_type="application/json")


def every_change(visitor, team, role):
    """Yield the answers to everything that can be changed."""
    yield send(visitor, "patch", API, {"default_role": role.pk})
    yield send(visitor, "post", TOKENS)
    yield send(visitor, "delete", TOKENS)
    yield send(visitor, "put", ROLES, {"team": team.pk, "role": role.pk})


def test_a_token_is_made_and_told_this_once(as_member, alice, acme):
    visitor = as_member(alice)
    made = send(visitor, "post", TOKENS)

    assert made.status_code == 201
    secret = made.json()["secret"]
    assert Provider(acme, secret).get("Users").status_code == 200
    again = visitor.get(API)
    assert again.json()["address"] == f"{acme.url}/scim/v2"
    [token] = again.json()["tokens"]
    assert (token["hint"], token["expires_at"]) == (secret[-4:], None)
    assert secret not in again.content.decode()


def test_a_newer_one_leaves_the_one_before_working_for_a_day(as_member, alice, acme):
    visitor = as_member(alice)
    first, second = (send(visitor, "post", TOKENS).json()["secret"] for _number in range(2))

    assert Provider(acme, first).get("Users").status_code == 200
    assert Provider(acme, second).get("Users").status_code == 200
    newer, older = visitor.get(API).json()["tokens"]
    assert newer["expires_at"] is None
    assert older["expires_at"]


def test_the_provider_is_shut_out(as_member, alice, acme):
    visitor = as_member(alice)
    secret = send(visitor, "post", TOKENS).json()["secret"]

    assert send(visitor, "delete", TOKENS).status_code == 204
    assert Provider(acme, secret).get("Users").status_code == 401
    assert visitor.get(API).json()["tokens"] == []


def test_what_becomes_of_members_is_said(as_member, alice, bob):
    visitor, rep = as_member(alice), Role.objects.get(key="rep")
    said = send(visitor, "patch", API, {"default_role": rep.pk, "successor": bob.pk}).json()

    assert (said["default_role"], said["successor"]) == (str(rep.pk), str(bob.pk))
    assert ScimSettings.objects.get().successor == bob
    said = send(visitor, "patch", API, {"successor": None}).json()
    assert (said["default_role"], said["successor"]) == (str(rep.pk), None)


def test_a_team_gives_a_role_until_it_is_taken_back(as_member, alice):
    visitor, rep = as_member(alice), Role.objects.get(key="rep")
    team = Team.objects.create(name="North")
    wanted = {"team": str(team.pk), "role": str(rep.pk)}

    assert send(visitor, "put", ROLES, wanted).json() == wanted
    assert visitor.get(ROLES).json()["results"] == [wanted]
    assert send(visitor, "put", ROLES, {**wanted, "role": None}).status_code == 200
    assert visitor.get(ROLES).json()["results"] == []


@pytest.mark.parametrize("body", [{"default_role": "x"}, {"successor": "x"}, {"token": "x"}])
def test_what_cannot_be_is_refused(as_member, alice, body):
    with nothing_written(ScimSettings, Event):
        assert send(as_member(alice), "patch", API, body).status_code == 400


def test_nobody_becomes_an_owner(as_member, alice):
    visitor, owner = as_member(alice), Role.objects.get(key="owner")
    team = Team.objects.create(name="North")

    with nothing_written(ScimTeam, Event):
        assert send(visitor, "patch", API, {"default_role": owner.pk}).status_code == 409
        answer = send(visitor, "put", ROLES, {"team": team.pk, "role": owner.pk})
        assert (answer.status_code, answer.json()["code"]) == (409, "never_owner")
    assert visitor.get(API).json()["default_role"] is None


def test_it_is_closed_to_others(as_member, bob):
    visitor, team = as_member(bob), Team.objects.create(name="North")

    with nothing_written(ScimToken, ScimSettings, ScimTeam, Event):
        for answer in every_change(visitor, team, bob.role):
            assert answer.status_code == 403
    assert visitor.get(API).status_code == visitor.get(ROLES).status_code == 403


def test_changes_ask_who_it_is(acme, alice, bob):
    visitor, team = Visitor(acme), Team.objects.create(name="North")
    visitor.force_login(alice, is_proven=False)

    with nothing_written(ScimToken, ScimSettings, ScimTeam, Event):
        for answer in every_change(visitor, team, bob.role):
            assert (answer.status_code, answer.json()["code"]) == (403, "recent_login_needed")
    assert visitor.get(API).status_code == 200


def test_a_key_shuts_out_but_makes_no_token_that_would_outlive_it(program_of, alice, as_member):
    program = program_of(alice)
    with nothing_written(ScimToken, Event):
        assert program.send("post", TOKENS, {}).status_code == 403

    send(as_member(alice), "post", TOKENS)
    assert program.send("delete", TOKENS, {}).status_code == 204
    assert not ScimToken.objects.exists()


def test_next_door_there_is_none_of_it(as_member, alice, eve, bob, globex):
    send(as_member(alice), "post", TOKENS)
    team, visitor = Team.objects.create(name="North"), as_member(eve)
    ScimTeam.objects.create(team=team, role=bob.role)

    assert visitor.get(API).json()["tokens"] == []
    assert visitor.get(ROLES).json()["results"] == []
    with nothing_written(ScimToken, ScimTeam):
        assert send(visitor, "patch", API, {"successor": bob.pk}).status_code == 400
        body = {"team": team.pk, "role": bob.role_id}
        assert send(visitor, "put", ROLES, body).status_code == 400
        assert send(visitor, "delete", TOKENS).status_code == 204
    assert inside(globex, ScimTeam.objects.count) == 0
