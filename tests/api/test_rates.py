"""Callers of the API are told how many calls they have left, and stopped when there are none."""

import re

import pytest
from django.conf import settings
from django.core.cache import caches

from api.keys.operations import create_key
from api.rates import Limit, count_call, headers
from tests.api.conftest import Program
from tests.conftest import inside

TAGS = "/api/v1/tags/"
STATE = re.compile(r'"(\w+)";r=(\d+);t=(\d+)')
POLICY = re.compile(r'"(\w+)";q=(\d+);w=(\d+)')


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """A day holds three calls of one caller, and five of the workspace."""
    monkeypatch.setattr(settings, "API_RATE", "3/day")
    monkeypatch.setattr(settings, "API_WORKSPACE_RATE", "5/day")


def left(answer):
    return {name: int(rest) for name, rest, _time in STATE.findall(answer.headers["RateLimit"])}


def test_every_answer_tells_the_limits_and_what_is_left(program_of, bob):
    answer = program_of(bob).get(TAGS)

    assert POLICY.findall(answer.headers["RateLimit-Policy"]) == [
        ("caller", "3", "86400"),
        ("workspace", "5", "86400"),
    ]
    assert left(answer) == {"caller": 2, "workspace": 4}
    assert all(
        0 < int(rest) <= 86_400 for _n, _r, rest in STATE.findall(answer.headers["RateLimit"])
    )


def test_who_has_none_left_is_told_when_to_come_again(program_of, bob):
    program = program_of(bob)
    answers = [program.get(TAGS) for _call in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    over = answers[-1]
    assert left(over)["caller"] == 0
    assert over.json()["code"] == "throttled"
    [(_name, _rest, seconds), _workspace] = STATE.findall(over.headers["RateLimit"])
    assert abs(int(over.headers["Retry-After"]) - int(seconds)) <= 1


def test_each_key_has_its_own_limit_and_all_share_the_workspaces(acme, bob, carol):
    def program(member):
        _key, secret = create_key(actor=member.as_actor(), name="x")
        return Program(acme, secret)

    first, second = program(bob), program(carol)
    assert [first.get(TAGS).status_code for _call in range(3)] == [200] * 3
    assert [second.get(TAGS).status_code for _call in range(3)] == [200, 200, 429]


def test_another_workspace_counts_for_itself(program_of, bob, eve, globex):
    program = program_of(bob)
    for _call in range(6):
        program.get(TAGS)
    _key, secret = inside(globex, lambda: create_key(actor=eve.as_actor(), name="x"))

    assert left(Program(globex, secret).get(TAGS)) == {"caller": 2, "workspace": 4}


def test_strangers_are_told_nothing(acme):
    answer = Program(acme, "atr_1_guess").get(TAGS)

    assert answer.status_code == 401
    assert "RateLimit" not in answer.headers


def test_a_window_ends_when_it_was_said_to():
    limit = Limit.read("caller", "2/min")
    first = [count_call(limit, "x", at=60.0 + second) for second in (0, 10, 59.9)]

    assert [(each.count, each.is_over, each.seconds_left) for each in first] == [
        (1, False, 60),
        (2, False, 50),
        (3, True, 1),
    ]
    assert count_call(limit, "x", at=120.0).count == 1


def test_the_headers_are_lists_of_the_drafts_kind():
    standing = count_call(Limit("caller", 10, 60), "y", at=0.0)

    assert headers([standing]) == {
        "RateLimit-Policy": '"caller";q=10;w=60',
        "RateLimit": '"caller";r=9;t=60',
    }


@pytest.mark.parametrize(
    ("rate", "window"), [("5/s", 1), ("5/sec", 1), ("5/min", 60), ("5/h", 3600), ("5/day", 86400)]
)
def test_rates_are_read(rate, window):
    assert Limit.read("x", rate) == Limit("x", 5, window)


def test_counts_are_kept_apart_by_workspace(acme, globex):
    key = "rate:workspace:all:0"
    assert inside(acme, lambda: caches["throttle"].make_key(key)) != inside(
        globex, lambda: caches["throttle"].make_key(key)
    )
