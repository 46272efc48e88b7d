"""ID tokens that prove nothing: each is refused, and nobody is signed in or made."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from tenants.members.models import Session, User
from tenants.sso.models import Connection, Identity
from tenants.sso.oidc import NotDescribed, discover
from tenants.sso.operations.connections import create_connection
from tests.conftest import Visitor, nothing_written
from tests.tenants.sso.conftest import begun, connect, question
from tests.tenants.sso.providers import KEY, OTHER_KEY

PUBLIC = KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
ALICE = {"email": "alice@acme.test", "email_verified": True}


@pytest.fixture
def connection(rogue, alice):
    return connect(rogue.issuer, alice.as_actor(), alice.joined_at)


def sign_in(connection, rogue, acme, *, query="", **told):
    """Answer a question with a token that says this beside what it should."""
    visitor = Visitor(acme)
    asked = question(begun(visitor, connection))
    rogue.told = {"aud": "atrium", "nonce": asked["nonce"], **ALICE, **told}
    rogue.asked.clear()
    answer = visitor.get(f"/sso/{connection.pk}/callback/?state={asked['state']}&code=c{query}")
    return visitor, answer


def is_refused(connection, rogue, acme, **told):
    with nothing_written(User, Identity):
        visitor, answer = sign_in(connection, rogue, acme, **told)
    assert answer.status_code == 403, answer.content
    assert visitor.get("/settings/profile/").status_code == 302
    return True


def test_what_is_right_comes_in(connection, rogue, acme):
    _visitor, answer = sign_in(connection, rogue, acme)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    sent = dict(rogue.asked)["/token"]
    assert len(sent["code_verifier"][0]) >= 43
    assert sent["client_secret"] == ["s3cret"]
    assert sent["redirect_uri"] == [connection.callback_url]


@pytest.mark.parametrize(
    "told",
    [
        {"iss": "http://elsewhere.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": []},
        {"aud": ["atrium", "another-client"]},
        {"aud": ["atrium", "another-client"], "azp": "another-client"},
        {"azp": "another-client"},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ""},
        {"exp": timedelta(minutes=-10)},
        {"exp": None},
        {"iat": None},
        {"iat": timedelta(hours=1)},
        {"nbf": timedelta(hours=1)},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 7},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_question_is_refused(connection, rogue, acme, told):
    assert is_refused(connection, rogue, acme, **told)


def test_another_key_is_refused(connection, rogue, acme):
    rogue.key = OTHER_KEY

    assert is_refused(connection, rogue, acme)


def test_a_key_nobody_published_is_refused(connection, rogue, acme):
    rogue.header = {"kid": "two"}

    assert is_refused(connection, rogue, acme)


def test_a_token_that_brings_its_own_key_is_refused(connection, rogue, acme):
    rogue.key = OTHER_KEY
    rogue.header = {"kid": "one", "jku": f"{rogue.issuer}/evil", "jwk": {"kty": "RSA"}}

    assert is_refused(connection, rogue, acme)
    assert "/evil" not in [path for path, _body in rogue.asked]


@pytest.mark.parametrize("key", ["s3cret" * 8, PUBLIC.hex()])
def test_a_token_signed_by_a_shared_word_is_refused(connection, rogue, acme, key):
    rogue.key, rogue.algorithm = key, "HS256"

    assert is_refused(connection, rogue, acme)


def test_a_token_without_signature_is_refused(connection, rogue, acme):
    visitor = Visitor(acme)
    asked = question(begun(visitor, connection))
    at = datetime.now(UTC)
    said = {"iss": rogue.issuer, "aud": "atrium", "sub": "alice", "nonce": asked["nonce"], "iat": at,
            "exp": at + timedelta(minutes=5), **ALICE}  # fmt: skip
    rogue.token = jwt.encode(said, None, algorithm="none", headers={"kid": "one"})
    answer = visitor.get(f"/sso/{connection.pk}/callback/?state={asked['state']}&code=c")

    assert answer.status_code == 403
    assert not Session.objects.exclude(user=None).exists()


@pytest.mark.parametrize("token", ["", "x", "a.b.c", 7, None, {"a": 1}, "e30.e30.", "é.é.é"])
def test_what_is_no_token_is_refused(connection, rogue, acme, token):
    rogue.token = token if token is not None else ""

    assert is_refused(connection, rogue, acme)


def test_userinfo_of_somebody_else_is_refused(connection, rogue, acme):
    rogue.userinfo = {"sub": "mallory", **ALICE}

    assert is_refused(connection, rogue, acme)


def test_what_is_signed_comes_before_what_is_not(connection, rogue, acme, alice):
    rogue.userinfo = {"sub": "dora", "email": "bob@acme.test", "email_verified": True}
    sign_in(connection, rogue, acme)

    assert Identity.objects.get().user == alice


def test_an_answer_of_another_issuer_is_refused(connection, rogue, acme):
    _visitor, answer = sign_in(connection, rogue, acme, query="&iss=http://elsewhere.example")

    assert answer.status_code == 403
    assert "/token" not in dict(rogue.asked)


@pytest.mark.parametrize(
    "query", ["error=access_denied", "error=server_error&error_description=<b>", ""]
)
def test_an_answer_that_is_an_error_says_so(connection, acme, query):
    visitor = Visitor(acme)
    asked = question(begun(visitor, connection))
    answer = visitor.get(f"/sso/{connection.pk}/callback/?state={asked['state']}&{query}")

    assert answer.status_code == 403
    assert b"<b>" not in answer.content


@given(state=st.text(max_size=60), code=st.text(max_size=60))
def test_no_query_is_a_failure_of_ours(oidc, acme, state, code):
    answer = Visitor(acme).get(f"/sso/{oidc.pk}/callback/", {"state": state, "code": code})

    assert answer.status_code in (403, 429)


class TestTheDescription:
    @pytest.mark.parametrize(
        "changes",
        [
            {"issuer": "http://elsewhere.example"},
            {"issuer": None},
            {"token_endpoint": None},
            {"jwks_uri": 7},
            {"authorization_endpoint": ["x"]},
        ],
        ids=str,
    )
    def test_one_that_is_not_of_this_issuer_is_refused(self, rogue, alice, changes):
        usual = rogue.answer
        rogue.answer = lambda path: {**usual(path), **changes}

        with pytest.raises(NotDescribed):
            discover(rogue.issuer)

    @pytest.mark.parametrize(
        "address",
        [
            "http://169.254.169.254",
            "https://10.0.0.1",
            "https://localhost",
            "ftp://x",
            "x",
            "http://idp.example",
        ],
    )
    def test_addresses_of_ours_are_not_asked(self, alice, address):
        with nothing_written(Connection), pytest.raises(Exception, match=r".") as refusal:
            values = {"name": "X", "issuer": address, "client_id": "x"}
            create_connection("oidc", values=values, actor=alice.as_actor())
        assert refusal.value.code in ("address_refused", "no_answer")

    def test_a_description_does_not_lead_inside(self, rogue):
        usual = rogue.answer
        rogue.answer = lambda path: {**usual(path), "token_endpoint": "http://10.0.0.1/token"}

        with pytest.raises(Exception, match=r".") as refusal:
            discover(rogue.issuer)
        assert refusal.value.code == "address_refused"

    def test_the_secret_is_not_sent_on(self, connection, rogue, acme, monkeypatch):
        """A token endpoint that redirects would have it sent to wherever it likes."""
        Connection.objects.update(
            endpoints={**connection.endpoints, "token": f"{rogue.issuer}/elsewhere"}
        )
        rogue.redirects = True
        _visitor, answer = sign_in(connection, rogue, acme)

        assert answer.status_code == 403
        assert "/token" not in dict(rogue.asked)


def test_the_callback_of_saml_is_none_of_oidc(saml, acme):
    path = urlsplit(saml.callback_url).path

    assert Visitor(acme).get(f"{path}?state=x&code=y").status_code == 404
