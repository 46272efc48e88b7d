"""A provider calls so often and no oftener, and is refused where others could read its token."""

import logging
import re

import pytest
from django.utils.timezone import now

from api.keys.operations import create_key
from api.scim.models import ScimToken
from api.scim.operations.settings import make_scim_token
from core.events.models import Event
from tenants.members.models import User
from tests.api.conftest import Program
from tests.api.scim.conftest import ERROR, KIND, OKTA, USER, Provider
from tests.conftest import Visitor, inside, nothing_written

STATE = re.compile(r'"(\w+)";r=(\d+);t=(\d+)')
EVERYWHERE = ("Users", "Groups", "ServiceProviderConfig", "Me", "Bulk", "else", "Users/x")


def left(answer):
    return {name: int(rest) for name, rest, _time in STATE.findall(answer.headers["RateLimit"])}


class TestLimits:
    @pytest.fixture(autouse=True)
    def few(self, settings):
        """A day holds three calls of one token, and five of the workspace."""
        settings.API_RATE, settings.API_WORKSPACE_RATE = "3/day", "5/day"

    def test_every_answer_tells_what_is_left(self, scim):
        first, second = scim.get("Users"), scim.get("else")

        assert left(first) == {"caller": 2, "workspace": 4}
        assert left(second) == {"caller": 1, "workspace": 3}
        assert '"caller";q=3;w=86400' in first.headers["RateLimit-Policy"]

    def test_who_has_none_left_is_told_so_in_scims_words(self, scim):
        for _call in range(3):
            assert scim.get("Users").status_code == 200

        with nothing_written(User, ScimToken, Event):
            over = scim.call("POST", "Users", OKTA)
        assert (over.status_code, over["Content-Type"]) == (429, KIND)
        assert (over.said["schemas"], over.said["status"]) == ([ERROR], "429")
        [(_name, rest, seconds), _workspace] = STATE.findall(over.headers["RateLimit"])
        assert rest == "0"
        assert abs(int(over.headers["Retry-After"]) - int(seconds)) <= 1

    @pytest.mark.parametrize("place", EVERYWHERE)
    def test_no_address_is_left_out(self, scim, place):
        answers = [scim.get(place).status_code for _call in range(4)]

        assert answers[-1] == 429
        assert 429 not in answers[:3]

    def test_it_is_logged(self, scim, caplog):
        with caplog.at_level(logging.INFO):
            for _call in range(4):
                scim.get("Users")

        assert "refused" in caplog.text

    def test_each_token_has_its_own_limit_and_all_share_the_workspaces(self, scim, acme, alice):
        _token, secret = make_scim_token(actor=alice.as_actor(), at=now())
        newer = Provider(acme, secret)
        assert [scim.get("Users").status_code for _call in range(3)] == [200] * 3

        assert [newer.get("Users").status_code for _call in range(3)] == [200, 200, 429]

    def test_it_shares_the_workspaces_with_keys(self, scim, acme, bob):
        _key, secret = create_key(actor=bob.as_actor(), name="x")
        program = Program(acme, secret)
        for _call in range(3):
            scim.get("Users")

        answers = [program.get("/api/v1/tags/").status_code for _call in range(3)]
        assert answers == [200, 200, 429]

    def test_another_workspace_counts_for_itself(self, scim, eve, globex):
        for _call in range(6):
            scim.get("Users")
        at = now()
        _token, secret = inside(globex, lambda: make_scim_token(actor=eve.as_actor(), at=at))

        assert left(Provider(globex, secret).get("Users")) == {"caller": 2, "workspace": 4}

    def test_strangers_are_told_nothing(self, acme):
        answer = Provider(acme, "scim_1_guess").get("Users")

        assert answer.status_code == 401
        assert "RateLimit" not in answer.headers


class TestPlainHttp:
    @pytest.fixture(autouse=True)
    def as_in_production(self, settings):
        settings.SECURE_SSL_REDIRECT = True

    @pytest.mark.parametrize("place", EVERYWHERE)
    def test_a_token_is_refused_and_not_led_on(self, scim, place):
        answer = scim.get(place)

        assert (answer.status_code, answer["Content-Type"]) == (403, KIND)
        assert answer.said["schemas"] == [ERROR]
        assert "https" in answer.said["detail"]
        assert "Location" not in answer.headers

    def test_nothing_is_done(self, scim):
        with nothing_written(User, ScimToken, Event):
            assert scim.make(userName="dora@acme.test").status_code == 403
            assert scim.call("PUT", "Users/x", {"schemas": [USER]}).status_code == 403

    def test_nor_is_it_told_whether_the_token_is_one(self, acme):
        assert Provider(acme, "scim_1_guess").get("Users").status_code == 403

    def test_without_one_nobody_is_led_on_either(self, acme):
        answer = Visitor(acme).get("/scim/v2/Users")

        assert (answer.status_code, answer.json()["schemas"]) == (401, [ERROR])

    def test_over_https_it_is_taken(self, scim):
        answer = scim.visitor.get("/scim/v2/Users", secure=True)

        assert answer.status_code == 200
