"""Passwords, sessions and what else of log-ins is promised to be so."""

import re
import ssl

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.utils.timezone import now

from core.outgoing import GuardedAdapter
from tenants.members.models import Session
from tests.conftest import PASSWORD, Visitor

STRANGE = "  ünïcödé 🐎 with spaces, and a line that goes on for longer than most do: 0123456789  "


def log_in(visitor, password, email="bob@acme.test"):
    return visitor.post("/login/", {"login": email, "password": password})


def change(visitor, old, new):
    fields = {"oldpassword": old, "password1": new, "password2": new}
    return visitor.post("/password/change/", fields)


def test_changing_one_takes_the_old_one(as_member, bob, acme):
    visitor = as_member(bob)
    change(visitor, "not this one at all", STRANGE)
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)

    change(visitor, PASSWORD, STRANGE)
    bob.refresh_from_db()
    assert bob.check_password(STRANGE)


def test_passwords_are_taken_as_they_are(as_member, bob, acme):
    assert len(STRANGE) > 64
    change(as_member(bob), PASSWORD, STRANGE)

    for wrong in (STRANGE.strip(), STRANGE[:72], STRANGE.upper(), STRANGE[:-1]):
        visitor = Visitor(acme, REMOTE_ADDR=f"203.0.113.{len(wrong)}")
        assert log_in(visitor, wrong).status_code == 200
        bob.refresh_from_db()
    assert bob.check_password(STRANGE)


def test_passwords_do_not_expire(bob, acme):
    bob.joined_at = now().replace(year=2001)
    bob.save(update_fields=["joined_at"])

    assert log_in(Visitor(acme), PASSWORD).url == "/"


def test_passwords_are_kept_as_argon2(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kept = make_password(PASSWORD)

    assert kept.startswith("argon2$argon2id$")
    assert identify_hasher(kept).algorithm == "argon2"
    assert check_password(PASSWORD, kept)
    memory, rounds = (int(re.search(rf"{name}=(\d+)", kept)[1]) for name in "mt")
    assert memory >= 19_456
    assert rounds >= 2


@pytest.mark.parametrize("path", ["/login/", "/password/change/", "/reauthenticate/"])
def test_fields_hide_what_is_typed_and_let_managers_help(as_member, acme, bob, path):
    visitor = Visitor(acme) if path == "/login/" else as_member(bob)
    markup = visitor.get(path).content.decode()
    fields = re.findall(r'<input[^>]*name="[^"]*password[^>]*>', markup)

    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert 'autocomplete="off"' not in field
        assert "onpaste" not in field
        assert re.search(r'autocomplete="(?:current|new)-password"', field)


def test_each_log_in_has_a_session_of_its_own(acme, bob):
    visitor = Visitor(acme)
    visitor.get("/login/")
    keys = set()
    for _time in range(3):
        log_in(visitor, PASSWORD)
        keys.add(visitor.cookies["__Host-sid"].value)
        visitor.post("/logout/")

    assert len(keys) == 3
    # 32 letters of 36: more than 128 bits.
    assert all(re.fullmatch(r"[a-z0-9]{32}", key) for key in keys)
    assert not Session.objects.filter(session_key__in=keys).exists()


@pytest.mark.parametrize("path", ["/", "/contacts/", "/settings/profile/", "/search/"])
def test_every_page_offers_to_log_out(as_member, bob, path):
    assert 'action="/logout/"' in as_member(bob).get(path).content.decode()


def test_no_header_of_a_mail_is_made_of_a_line_break():
    for header in ({"subject": "x\r\nBcc: y@z.test"}, {"to": ["x@y.test\nBcc: y@z.test"]}):
        with pytest.raises((ValueError, ValidationError)):
            EmailMultiAlternatives(body="x", **header).message()


def test_no_secret_stands_in_an_address_but_once():
    """An invitation's link is the one secret in an address; it counts once and runs out."""
    from tests.architecture.test_isolation import routes

    told = {path for path, names in routes() if {"secret", "token", "key", "code"} & set(names)}
    assert told <= {"/join/<str:secret>/"}, told


def test_we_speak_tls_of_today_as_a_client():
    context = GuardedAdapter().poolmanager.connection_pool_kw["ssl_context"]

    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
