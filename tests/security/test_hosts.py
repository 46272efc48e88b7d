"""Whoever lies about the host, or about what a proxy saw, gets no page of a workspace and no link elsewhere."""

import itertools
import re

import pytest
from django.core import mail

from tests.conftest import Visitor, outside

EVIL = "evil.test"
HOSTS = [
    EVIL, f"{EVIL}:80", f"acme.localhost.{EVIL}", f"acme.localhost@{EVIL}", f"{EVIL}#acme.localhost",
    f"{EVIL}/acme.localhost", f"{EVIL}\\acme.localhost", f"acme.localhost,{EVIL}", f"acme.localhost {EVIL}",
    f"acme.localhost:80@{EVIL}", f"acme.localhost:{EVIL}", f"{EVIL}?acme.localhost", "acme.localhost:80:80",
    "acme.localhost:port", "acme.localhost:1a", "acme..localhost", ".acme.localhost", "-acme.localhost",
    "acme_.localhost", "acme.localhost%00", "acme.localhost%0d%0aX: y", "acmelocalhost", "xacme.localhost",
    "127.0.0.1", "[::1]", "0", "localhost.evil.test", "LOCALHOST.EVIL.TEST", "аcme.localhost",
    "acme。localhost", "", " ", "*", "*.localhost", "..", "/", "acme.localhost\t", "www.acme.localhost",
    "http://acme.localhost", "acme.localhost;", "acme.localhost'", 'acme.localhost"', "<script>", "a" * 300,
    "public.localhost", "t_1.localhost", "template.localhost", "pg_catalog.localhost", "../acme.localhost",
    "${jndi:ldap://x}",
]  # fmt: skip
FORWARDED = ("X-Forwarded-Host", "X-Host", "X-Original-Host", "Forwarded", "X-Forwarded-Server",
             "X-HTTP-Host-Override", "X-Original-URL", "X-Rewrite-URL")  # fmt: skip
VALUES = [
    EVIL, f"{EVIL}:443", f"globex.localhost,{EVIL}", f"host={EVIL}", f"for=1.2.3.4;host={EVIL};proto=https",
    "globex.localhost", f"{EVIL}, acme.localhost", f"acme.localhost, {EVIL}", f"https://{EVIL}/",
    f"acme.localhost@{EVIL}", "127.0.0.1", "[::1]", "localhost", "/settings/", f"//{EVIL}/", "x" * 300,
    f"{EVIL}\\", f".{EVIL}", f"{EVIL}.",
]  # fmt: skip
LIES = list(itertools.product(FORWARDED, VALUES))


def test_there_are_two_hundred_of_them():
    assert len(HOSTS) + len(LIES) >= 200


@pytest.mark.parametrize("host", HOSTS)
def test_no_odd_host_reaches_a_workspace(acme, alice, host):
    visitor = Visitor(acme)
    visitor.force_login(alice)

    answer = visitor.get("/contacts/", headers={"host": host})

    assert answer.status_code in (400, 404), host
    assert b"Acme" not in answer.content
    assert EVIL not in answer.headers.get("Location", "")
    assert EVIL.encode() not in answer.content


@pytest.mark.parametrize(("header", "value"), LIES)
def test_what_a_proxy_would_say_is_not_believed_from_anybody(acme, alice, header, value):
    visitor = Visitor(acme)
    visitor.force_login(alice)

    page = visitor.get("/companies/", headers={header: value})
    assert page.status_code == 200
    assert EVIL.encode() not in page.content
    listed = visitor.get("/api/v1/companies/", headers={header: value})
    assert EVIL.encode() not in listed.content

    moved = Visitor(acme).get("/contacts/", headers={header: value})
    assert moved.headers["Location"] == "/login/?next=/contacts/"


@pytest.mark.parametrize("header", [None, *FORWARDED])
def test_mail_leads_to_the_workspaces_own_address(acme, bob, as_member, alice, work, header):
    headers = {header: EVIL} if header else {}
    Visitor(acme).post("/password/reset/", {"email": "bob@acme.test"}, headers=headers)
    as_member(alice).post(
        "/settings/members/invite/",
        {"emails": "new@acme.test", "role": bob.role_id},
        headers=headers,
    )
    work()

    assert [each.to for each in mail.outbox] == [["bob@acme.test"], ["new@acme.test"]]
    written = [f"{each.subject} {each.body} {each.alternatives}" for each in mail.outbox]
    assert not any(EVIL in each for each in written)
    assert "http://acme.localhost:8000/join/" in written[1]
    leads = {lead for each in written for lead in re.findall(r"https?://[^/\s\"'<]+", each)}
    assert leads == {"http://acme.localhost:8000"}


def test_forwarded_addresses_are_believed_only_of_our_own_proxies(acme, bob, settings):
    from tenants.members.networks import client_address

    def seen(**headers):
        request = outside(lambda: Visitor(acme).get("/login/", **headers)).wsgi_request
        return client_address(request)

    lie = {"HTTP_X_FORWARDED_FOR": "203.0.113.1"}
    assert seen(**lie) == "127.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert seen(HTTP_X_FORWARDED_FOR="203.0.113.1, 198.51.100.2") == "198.51.100.2"
