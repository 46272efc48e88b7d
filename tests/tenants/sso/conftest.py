"""Connections of Acme, and people who come in through them."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tenants.sso.operations.connections import (
    create_connection,
    note_tested,
    switch_connection,
)
from tests.conftest import Visitor
from tests.tenants.sso.providers import METADATA, real_provider, rogue_provider, sign_in_at


@pytest.fixture(scope="module")
def issuer():
    with real_provider() as address:
        yield address


@pytest.fixture
def rogue(settings):
    with rogue_provider() as provider:
        allow(settings, provider.issuer)
        yield provider


def allow(settings, address):
    """Let this loopback server be asked, as an operator of a closed network would."""
    host, _colon, port = urlsplit(address).netloc.partition(":")
    settings.OUTGOING_ALLOWED = frozenset((*settings.OUTGOING_ALLOWED, (host, int(port))))


def connect(issuer, actor, at, **values):
    """Make a connection to an issuer that people can sign in through."""
    told = {"name": "Okta", "issuer": issuer, "client_id": "atrium", "secret": "s3cret", **values}
    made = create_connection("oidc", values=told, actor=actor)
    note_tested(made, actor=actor, at=at)
    return switch_connection(made, is_on=True, actor=actor)


@pytest.fixture
def oidc(issuer, settings, alice):
    """Acme's OpenID Connect, on, with nothing said yet of whom it lets in."""
    allow(settings, issuer)
    return connect(issuer, alice.as_actor(), alice.joined_at)


@pytest.fixture
def saml(alice):
    """Acme's SAML, on; the provider answers for idp.example and makes members."""
    values = {
        "name": "Entra",
        "metadata": METADATA,
        "makes_members": True,
        "trusted_domains": ["idp.example"],
    }
    made = create_connection("saml", values=values, actor=alice.as_actor())
    note_tested(made, actor=alice.as_actor(), at=alice.joined_at)
    return switch_connection(made, is_on=True, actor=alice.as_actor())


def begun(visitor, connection, path=""):
    """Begin a sign-in in this browser; return the address of the provider it is sent to."""
    answer = visitor.get(f"/sso/{connection.pk}/{path}")
    assert answer.status_code == 302, answer.status_code
    return answer["Location"]


def question(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def come_in(visitor, connection, subject, path=""):
    """Sign in through the real provider as this person; return what we answer."""
    back = urlsplit(sign_in_at(begun(visitor, connection, path), subject))
    return visitor.get(f"{back.path}?{back.query}")


def stranger(workspace):
    return Visitor(workspace)
