"""Passwords, sessions and what else of log-ins is promised to be so."""

import re
import ssl

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives
from django.urls import get_resolver
from django.utils.timezone import now

from config import settings as shipped
from core.outgoing import GuardedAdapter
from tenants.members.models import Session
from tenants.signup.models import CODE_ALPHABET, CODE_LENGTH
from tests.architecture.test_isolation import _walk
from tests.conftest import PASSWORD, Visitor

STRANGE = "  ünïcödé 🐎 with spaces, and a line that goes on for longer than most do: 0123456789  "


# The parts of addresses that are neither ids nor numbers, all there are.
FREE_PARTS = {
    settings.ROOT_URLCONF: {
        # Secrets: an invitation's, which counts once and for days, and the ticket of what a provider
        # said, which counts once, for minutes, in the browser that asked.
        "/join/<str:secret>/", "/sso/<uuid:pk>/finish/<str:ticket>/",
        # Names out of lists of ours: fields, forms, types of records, protocols, examples of the design.
        "/companies/<uuid:pk>/field/<str:name>/", "/contacts/<uuid:pk>/field/<str:name>/",
        "/companies/quick/<str:quick>/", "/contacts/quick/<str:quick>/",
        "/duplicates/<slug:slug>/", "/duplicates/<slug:slug>/search/",
        "/duplicates/<slug:slug>/<uuid:pk>/dismiss/",
        "/trash/<slug:slug>/", "/trash/<slug:slug>/destroy/", "/trash/<slug:slug>/restore/",
        "/settings/sso/new/<str:protocol>/",
        "/_design/errors/<slug:name>/", "/_design/frames/<slug:name>/",
        "/scim/v2/ResourceTypes/<str:name>", "/scim/v2/Schemas/<str:uri>",
        # Ids, which providers may misspell and are answered in their own words.
        "/scim/v2/Users/<pk>", "/scim/v2/Groups/<pk>",
    },
    # Numbers of mails that were caught where the product is tried, never in production.
    settings.PUBLIC_SCHEMA_URLCONF: {"/outbox/<str:message_id>/"},
}  # fmt: skip


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
    # Tests hash quickly; this one as the product is shipped.
    settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS
    kept = make_password(PASSWORD)

    assert kept.startswith("argon2$argon2id$")
    assert identify_hasher(kept).algorithm == "argon2"
    assert check_password(PASSWORD, kept)
    memory, rounds = (int(re.search(rf"{name}=(\d+)", kept)[1]) for name in "mt")
    assert memory >= 19_456
    assert rounds >= 2


def test_codes_are_long_enough(bob):
    """Of a million and more each, so that the few tries there are find none: twenty bits."""
    mailed = get_adapter()
    kinds = [
        [mailed.generate_login_code() for _time in range(99)],
        [mailed.generate_password_reset_code() for _time in range(99)],
        [mailed.generate_email_verification_code() for _time in range(99)],
        RecoveryCodes.activate(bob).get_unused_codes(),
    ]

    for made in kinds:
        letters = set("".join(made)) - {"-"}
        [length] = {len(code.replace("-", "")) for code in made}
        assert len(letters) ** length > 2**20
    assert len(set(CODE_ALPHABET)) ** CODE_LENGTH > 2**20


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


@pytest.mark.parametrize("which", [settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF])
def test_no_secret_stands_in_an_address_but_two_that_count_once(which):
    """Ids and numbers open nothing by themselves; whatever else an address holds is listed."""
    paths = {path for path, _names in _walk(get_resolver(which).url_patterns, "/", [])}
    free = {path for path in paths if re.search(r"[<(]", re.sub(r"<(?:uuid|int):\w+>", "", path))}

    assert free == FREE_PARTS[which]


def test_we_speak_tls_of_today_as_a_client():
    context = GuardedAdapter().poolmanager.connection_pool_kw["ssl_context"]

    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
