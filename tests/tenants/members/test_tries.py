"""Guessing passwords: limited in each workspace and over all of them, and nothing is learnt by trying."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail

from core.isolation.scope import control_plane
from tenants import tries
from tenants.models import FailedTries
from tenants.tries import KEPT, MOST_FAILURES, WINDOW, forget_failures, is_worn_out, note_failure
from tests.conftest import PASSWORD, Visitor, leave

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
WRONG = "not this one at all"


def log_in(visitor, email, password, **headers):
    return visitor.post("/login/", {"login": email, "password": password}, **headers)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(tries, "MOST_FAILURES", 4)


def test_failures_at_all_workspaces_count_together(few, acme, globex, bob):
    for number in range(4):
        visitor = Visitor((acme, globex)[number % 2])
        assert log_in(visitor, f"guess{number}@x.test", WRONG).status_code == 200

    for workspace in (acme, globex):
        refused = log_in(Visitor(workspace), "bob@acme.test", PASSWORD)
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "600"
    other = log_in(Visitor(acme), "bob@acme.test", PASSWORD, REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 302


def test_who_gets_in_is_not_counted(few, acme, bob):
    for _time in range(6):
        assert log_in(Visitor(acme), "bob@acme.test", PASSWORD).status_code == 302


@pytest.mark.parametrize("url", ["/login/code/", "/password/reset/"])
def test_asking_for_codes_counts_whoever_is_asked_for(few, acme, globex, bob, url):
    addresses = ["bob@acme.test", "nobody@acme.test"] * 2
    for number, email in enumerate(addresses):
        assert Visitor((acme, globex)[number % 2]).post(url, {"email": email}).status_code == 302

    assert Visitor(acme).post(url, {"email": "bob@acme.test"}).status_code == 429
    assert len(mail.outbox) == 4


def test_forms_are_shown_all_the_same(few, acme):
    for number in range(5):
        log_in(Visitor(acme), f"guess{number}@x.test", WRONG)

    assert Visitor(acme).get("/login/").status_code == 200


def test_ten_thousand_tries_are_a_few_dozen(monkeypatch):
    for _try in range(MOST_FAILURES):
        assert not is_worn_out("203.0.113.9", at=AT)
        note_failure("203.0.113.9", at=AT)

    assert is_worn_out("203.0.113.9", at=AT + WINDOW - timedelta(seconds=1))
    assert not is_worn_out("203.0.113.9", at=AT + WINDOW)
    assert not is_worn_out("203.0.113.10", at=AT)
    note_failure("203.0.113.9", at=AT + WINDOW)
    assert not is_worn_out("203.0.113.9", at=AT + WINDOW)


def test_a_household_of_version_6_counts_as_one():
    for number in range(MOST_FAILURES):
        note_failure(f"2001:db8:1:2::{number:x}", at=AT)

    assert is_worn_out("2001:db8:1:2:ffff::1", at=AT)
    assert not is_worn_out("2001:db8:1:3::1", at=AT)
    assert tries._hash("::ffff:203.0.113.9") == tries._hash("203.0.113.9")


def test_no_address_is_written_down_and_old_counts_go():
    note_failure("203.0.113.9", at=AT)
    with control_plane("look at counts"):
        [row] = FailedTries.objects.values()
        assert "203.0.113.9" not in str(row)
        assert forget_failures(at=AT + KEPT) == 0
        assert forget_failures(at=AT + KEPT + timedelta(seconds=1)) == 1


@pytest.fixture
def hashed(monkeypatch):
    """How many passwords were hashed."""
    done, hash_one = [], MD5PasswordHasher.encode

    def encode(self, password, salt):
        done.append(password)
        return hash_one(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    return done


def test_every_failed_log_in_hashes_once_and_says_the_same(acme, bob, carol, alice, hashed):
    """Hashing is nearly all a log-in's time, so that the same number of hashes takes the same time."""
    leave(carol)
    alice.set_unusable_password()
    alice.save()
    hashed.clear()
    answers = set()
    for number, email in enumerate(
        ["bob@acme.test", "nobody@acme.test", "carol@acme.test", "alice@acme.test"]
    ):
        visitor = Visitor(acme, REMOTE_ADDR=f"203.0.113.{number}")
        answer = log_in(visitor, email, WRONG)
        answers.add((answer.status_code, str(answer.context["form"].errors)))
        assert len(hashed) == 1, email
        hashed.clear()

    assert len(answers) == 1


def test_a_locked_address_and_an_unknown_one_get_the_same_answers(acme, bob):
    def told(email):
        visitor = Visitor(acme, REMOTE_ADDR=f"198.51.100.{len(email)}")
        answers = [log_in(visitor, email, WRONG) for _try in range(7)]
        return [(each.status_code, str(each.context["form"].errors)) for each in answers]

    known, unknown = told("bob@acme.test"), told("nobody@acme.test")
    assert known == unknown
    assert known[0] != known[-1]


@pytest.mark.parametrize("url", ["/login/code/", "/password/reset/"])
def test_asking_for_a_code_says_the_same_to_everybody(acme, bob, carol, url):
    leave(carol)
    answers = {
        (answer.status_code, answer.headers["Location"])
        for email in ("bob@acme.test", "nobody@acme.test", "carol@acme.test")
        for answer in [Visitor(acme).post(url, {"email": email})]
    }

    assert len(answers) == 1
