"""No address of ours leads a browser to somebody else's, whatever `next` says."""

import re
from urllib.parse import quote, urlsplit

import pytest

from tests.conftest import PASSWORD, Visitor

HOSTILE = [
    "https://evil.test/", "http://evil.test", "//evil.test/", "///evil.test", "////evil.test/%2e%2e",
    "/\\evil.test", "\\\\evil.test", "\\/evil.test", "/\t/evil.test", "/\n/evil.test", "\t//evil.test",
    " //evil.test", "https:evil.test", "https:/evil.test", "https:///evil.test", "HtTpS://evil.test",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "vbscript:x", "file:///etc/passwd", "ftp://evil.test", "blob:https://evil.test/x",
    "https://acme.localhost@evil.test/", "https://acme.localhost.evil.test/", "https://evil.test#acme.localhost",
    "https://evil.test\\@acme.localhost", "//acme.localhost:80@evil.test", "//evil.test:80",
    "http://globex.localhost:8000/", "//globex.localhost/", "http://[::1]/", "//127.0.0.1/",
    "//%65vil.test", "/%09/evil.test", "https://evil.test%00.acme.localhost", "．//evil.test",
    "//evil。test", "http:\\\\evil.test", "x:y", "://evil.test", "//", "https://", "//evil.test/\r\nSet-Cookie: x=y",
]  # fmt: skip


def is_ours(location):
    """Return whether a browser that follows this stays where it is."""
    cleaned = "".join(each for each in location if each >= " ").replace("\\", "/").strip()
    parts = urlsplit(cleaned)
    return not parts.scheme and not parts.netloc and not cleaned.startswith("//")


def place_of(answer):
    return answer.headers.get("Location") or answer.headers.get("HX-Redirect") or "/"


@pytest.mark.parametrize("target", HOSTILE)
def test_no_way_in_or_out_leads_elsewhere(acme, bob, target):
    visitor = Visitor(acme)
    login = {"login": "bob@acme.test", "password": PASSWORD, "next": target}
    answers = [
        visitor.post("/language/", {"language": "en", "next": target}),
        visitor.post(f"/login/?next={quote(target)}", login),
        visitor.get(f"/login/?next={quote(target)}"),
        visitor.post("/reauthenticate/", {"password": PASSWORD, "next": target}),
        visitor.post("/settings/preferences/", {"theme": "dark", "next": target}),
        visitor.post(f"/logout/?next={quote(target)}", {"next": target}),
    ]

    for answer in answers:
        assert is_ours(place_of(answer)), (answer.request["PATH_INFO"], place_of(answer))
        assert "\n" not in place_of(answer)


@pytest.mark.parametrize("target", HOSTILE)
def test_no_page_after_a_refusal_offers_a_way_elsewhere(acme, as_member, bob, target):
    visitor = as_member(bob)
    visitor.handler.enforce_csrf_checks = True
    answer = visitor.post(
        "/settings/preferences/",
        {},
        headers={"referer": target.replace("\r\n", "").replace("\n", "")},
    )

    assert answer.status_code == 403
    ways = re.findall(r'href="([^"]*)"', answer.content.decode())
    assert [way for way in ways if "evil" in way and not is_ours(way)] == []


def test_a_way_of_our_own_is_kept(acme, bob):
    answer = Visitor(acme).post(
        "/login/", {"login": "bob@acme.test", "password": PASSWORD, "next": "/contacts/?x=1"}
    )

    assert answer.headers["Location"] == "/contacts/?x=1"
