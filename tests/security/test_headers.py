"""Every page, endpoint, refusal and error carries the headers that keep browsers strict, and cookies bound to one host."""

import pytest
from django.conf import settings
from django.urls import get_resolver

from tests.architecture.test_isolation import _filled, _walk, routes
from tests.conftest import PASSWORD, Visitor

NOBODYS = "00000000-0000-7000-8000-000000000001"
INSIDE = sorted({_filled(path, NOBODYS) for path, _names in routes()})
PUBLIC = sorted(
    {
        _filled(path, "x")
        for path, _n in _walk(get_resolver(settings.PUBLIC_SCHEMA_URLCONF).url_patterns, "/", [])
    }
)
METHODS = ("get", "post")
EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_SSL_REDIRECT = True


def assert_strict(answer, what):
    for name, value in EXPECTED.items():
        assert answer.headers.get(name) == value, (what, name)
    policy = dict(
        each.strip().split(" ", 1) for each in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] in ("'self'", "'none'"), what
    assert "unsafe" not in answer.headers["Content-Security-Policy"], what
    assert policy.get("object-src", policy["default-src"]) == "'none'", what
    assert policy.get("base-uri", "'none'") == "'none'", what
    assert policy.get("frame-ancestors", "'none'") in ("'none'", "'self'"), what
    assert "camera=()" in answer.headers["Permissions-Policy"], what
    assert "no-store" in answer.headers["Cache-Control"], what
    for cookie in answer.cookies.values():
        assert cookie.key.startswith("__Host-"), (what, cookie.key)
        assert cookie["secure"], (what, cookie.key)
        # One that is taken away holds nothing to be read.
        assert cookie["httponly"] or not cookie.value, (what, cookie.key)
        assert cookie["samesite"] in ("Lax", "Strict"), (what, cookie.key)
        assert (cookie["path"], cookie["domain"]) == ("/", ""), (what, cookie.key)


@pytest.mark.parametrize("path", INSIDE)
def test_pages_of_a_workspace(path, as_member, alice, acme):
    for visitor in (as_member(alice), Visitor(acme)):
        for method in METHODS:
            answer = getattr(visitor, method)(path, secure=True)
            assert_strict(answer, (method, path))
            if answer.streaming:
                # The file behind it is closed at its end.
                b"".join(answer)


@pytest.mark.parametrize("path", PUBLIC)
def test_pages_of_the_public_host(path):
    for method in METHODS:
        answer = getattr(Visitor(), method)(path, secure=True)
        if path not in ("/livez/", "/readyz/"):
            assert_strict(answer, (method, path))


def test_what_is_not_there_and_what_goes_wrong(acme, as_member, alice, monkeypatch):
    visitor = as_member(alice)
    visitor.raise_request_exception = False
    assert_strict(visitor.get("/nothing/here/", secure=True), "404")
    assert_strict(visitor.get("/api/v1/nothing/", secure=True), "404 of the API")
    assert_strict(visitor.get("/settings/api-keys/", secure=True), "page")

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("api.keys.views.keys.KeyForm", broken)
    answer = visitor.get("/settings/api-keys/", secure=True)
    assert answer.status_code == 500
    assert_strict(answer, "500")


def test_logging_in_and_out_sets_strict_cookies_alone(acme, bob):
    visitor = Visitor(acme)
    answer = visitor.post("/login/", {"login": "bob@acme.test", "password": PASSWORD}, secure=True)
    assert "__Host-sid" in answer.cookies
    assert_strict(answer, "log-in")
    assert_strict(visitor.post("/logout/", secure=True), "log-out")


def test_plain_http_is_led_to_https_and_told_nothing(acme, alice, as_member):
    answer = as_member(alice).get("/contacts/?search=zoe")

    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://acme.localhost/")


def test_no_page_names_the_software_behind_it(as_member, alice):
    answer = as_member(alice).get("/", secure=True)

    assert not {"Server", "X-Powered-By"} & set(answer.headers)
