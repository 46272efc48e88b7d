"""Saying once more who one is by a code in one's mailbox, where there is neither password nor factor."""

import re
import time

import pytest
from django.core import mail

from tenants.members.models import Role, User
from tests.conftest import Visitor, nothing_written

PLACE, DANGEROUS = "/reauthenticate/mail/", "/settings/roles/new/"
NEW = "a sentence nobody guesses"


@pytest.fixture
def eve(acme, alice):
    """Alice without a password, who came in a while ago."""
    alice.set_unusable_password()
    alice.save(update_fields=["password"])
    visitor = Visitor(acme)
    visitor.force_login(alice, is_proven=False)
    return visitor


def have_code(visitor):
    """Have a code sent; return it."""
    mail.outbox.clear()
    answer = visitor.post(PLACE, {"action": "send", "next": DANGEROUS})
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{PLACE}?next=%2Fsettings%2Froles%2Fnew%2F",
    )
    (sent,) = mail.outbox
    return re.search(r"^[A-Z0-9-]{6,}$", sent.body, re.MULTILINE)[0]


def test_it_is_asked_for_and_leads_back(eve, alice):
    answer = eve.post(DANGEROUS, {"name": "Scouts"})
    assert answer.status_code == 302
    assert answer["Location"].startswith(PLACE)
    assert not mail.outbox

    code = have_code(eve)
    assert mail.outbox[0].to == [alice.email]
    assert eve.post(PLACE, {"code": code, "next": DANGEROUS})["Location"] == DANGEROUS

    assert b"Scouts" in eve.get(DANGEROUS).content
    eve.post(DANGEROUS, {"name": "Scouts"})
    assert Role.objects.filter(name="Scouts").exists()


@pytest.mark.parametrize("place", ["/password/set/", "/email/"])
def test_what_opens_everything_else_asks_first(eve, alice, place):
    with nothing_written(User):
        answers = eve.get(place), eve.post(place, {"password1": NEW, "password2": NEW})
    for answer in answers:
        assert answer["Location"].startswith(PLACE)

    eve.post(PLACE, {"code": have_code(eve)})

    assert eve.get(place).status_code == 200


def test_a_code_counts_once(eve):
    code = have_code(eve)
    eve.post(PLACE, {"code": code})

    assert eve.post(PLACE, {"code": code}).status_code == 422


def test_after_three_wrong_ones_none_counts(eve):
    code = have_code(eve)
    for _number in range(3):
        assert eve.post(PLACE, {"code": "WRONG-1"}).status_code == 422

    assert eve.post(PLACE, {"code": code}).status_code == 422
    assert eve.get(DANGEROUS).status_code == 200
    assert eve.post(DANGEROUS, {"name": "x"})["Location"].startswith(PLACE)


def test_it_counts_for_ten_minutes(eve, monkeypatch):
    code, later = have_code(eve), time.time() + 601
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: later)

    assert eve.post(PLACE, {"code": code}).status_code == 422


def test_another_one_ends_the_one_before(eve):
    first, second = have_code(eve), have_code(eve)

    assert eve.post(PLACE, {"code": first}).status_code == 422
    assert eve.post(PLACE, {"code": second}).status_code == 302


def test_nothing_is_no_code(eve):
    for code in ("", " ", "-"):
        assert eve.post(PLACE, {"code": code}).status_code == 422


def test_who_has_a_password_uses_it(acme, bob, as_member):
    visitor = as_member(bob)

    assert visitor.get(PLACE)["Location"].startswith("/reauthenticate/")
    visitor.post(PLACE, {"action": "send"})
    assert not mail.outbox


def test_a_log_in_by_code_is_proof_where_there_is_nothing_better(eve, alice):
    session = eve.session
    session["account_authentication_methods"] = [{"method": "code", "at": time.time()}]
    session["account_authentication_methods_user"] = str(alice.pk)
    session.save()

    assert eve.get("/password/set/").status_code == 200


def test_codes_are_not_sent_without_end(eve):
    answers = [eve.post(PLACE, {"action": "send"}).status_code for _number in range(7)]

    assert answers == [302] * 6 + [429]
    assert len(mail.outbox) == 6
