"""Signing in through a SAML provider, whose answers the tests sign themselves."""

from base64 import b64decode
from datetime import timedelta
from urllib.parse import urlsplit
from zlib import decompress

import pytest
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tenants.members.models import Role, Session, Team, User
from tenants.sso.models import Assertion, Connection, Identity
from tenants.sso.operations.assertions import forget_assertions, keep_assertion, take_assertion
from tenants.sso.operations.connections import (
    create_connection,
    note_tested,
    switch_connection,
    update_connection,
)
from tenants.sso.operations.group_rules import add_group_rule
from tenants.sso.refusals import SignInFailed
from tenants.sso.saml import read_answer
from tests.conftest import Visitor, inside, nothing_written
from tests.tenants.sso.conftest import begun, question
from tests.tenants.sso.providers import (
    CERTIFICATE,
    METADATA,
    OTHER_CERTIFICATE,
    OTHER_KEY,
    answer_to,
    assertion,
    posted,
    response,
    signed,
)  # fmt: skip

SHA1 = {
    "sign_algorithm": "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "digest_algorithm": "http://www.w3.org/2000/09/xmldsig#sha1",
}


@pytest.fixture(autouse=True)
def welcoming(saml):
    """New people become viewers."""
    saml.default_role = Role.objects.get(key="viewer")
    saml.save()


def ask(visitor, connection):
    """Begin a sign-in; return the id of the question."""
    return question(begun(visitor, connection))["RelayState"]


def post(connection, form, visitor=None, workspace=None):
    """Post an answer as the provider's page does: without any cookie of ours."""
    return (visitor or Visitor(workspace)).post(f"/sso/{connection.pk}/acs/", form)


def come_in(visitor, connection, **options):
    """Sign in as the provider says; return our last answer."""
    asked = ask(visitor, connection)
    taken = post(connection, answer_to(connection, asked, **options), workspace=visitor.workspace)
    return visitor.get(taken["Location"]) if taken.status_code == 303 else taken


class TestComingIn:
    def test_the_question_names_us_and_nothing_else(self, saml, acme):
        address = begun(Visitor(acme), saml)
        asked = question(address)
        xml = etree.fromstring(decompress(b64decode(asked["SAMLRequest"]), -15))

        assert address.startswith("https://idp.example/sso?")
        assert xml.get("ID") == asked["RelayState"]
        assert xml.get("AssertionConsumerServiceURL") == f"{acme.url}/sso/{saml.pk}/acs/"
        assert xml.findtext("{*}Issuer") == f"{acme.url}/sso/{saml.pk}/metadata/"

    def test_a_new_person_becomes_a_member(self, saml, acme, alice):
        team = Team.objects.create(name="North")
        rep = Role.objects.get(key="rep")
        add_group_rule(saml, value="sales", role=rep, team=team, actor=alice.as_actor())
        visitor = Visitor(acme)
        said = {
            "email": "dora@idp.example",
            "givenName": "Dora",
            "sn": "Novak",
            "groups": ["x", "sales"],
        }
        answer = come_in(visitor, saml, said=said)

        assert (answer.status_code, answer["Location"]) == (302, "/")
        member = User.objects.get(email="dora@idp.example")
        assert (member.name, member.role, list(member.teams.all())) == ("Dora Novak", rep, [team])
        assert visitor.get("/settings/profile/").status_code == 200

    def test_a_signature_around_everything_is_as_good(self, saml, acme):
        visitor = Visitor(acme)
        asked = ask(visitor, saml)
        form = posted(signed(response(saml, asked, assertion(saml, asked))))

        assert visitor.get(post(saml, form, workspace=acme)["Location"])["Location"] == "/"

    def test_names_microsoft_uses_are_understood(self, saml, acme):
        base = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
        said = {
            f"{base}emailaddress": "e@idp.example",
            f"{base}givenname": "Eva",
            f"{base}surname": "Ek",
        }
        come_in(Visitor(acme), saml, said=said)

        assert User.objects.get(email="e@idp.example").name == "Eva Ek"

    def test_an_address_as_the_name_will_do(self, saml, acme):
        come_in(Visitor(acme), saml, subject="f@idp.example", said={})

        assert Identity.objects.get().user.email == "f@idp.example"

    def test_an_address_elsewhere_is_not_confirmed(self, saml, acme, bob):
        with nothing_written(User, Identity):
            assert come_in(Visitor(acme), saml, said={"email": "bob@acme.test"}).status_code == 403

    def test_a_name_made_for_one_visit_is_none(self, saml, acme):
        transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"

        assert come_in(Visitor(acme), saml, format=transient).status_code == 403

    def test_the_metadata_says_who_we_are(self, saml, acme):
        answer = Visitor(acme).get(f"/sso/{saml.pk}/metadata/")
        xml = etree.fromstring(answer.content)

        assert xml.get("entityID") == saml.entity_id
        assert saml.acs_url.encode() in answer.content

    def test_a_comment_does_not_shorten_a_name(self, saml, acme):
        """Signed as `eve@idp.example.evil.test`, read in part as `eve@idp.example`."""
        come_in(
            Visitor(acme), saml, subject="x", said={"email": "eve@idp.example<!-- -->.evil.test"}
        )

        assert not User.objects.filter(email="eve@idp.example").exists()


class TestRefused:
    """Each answer is refused where it arrives, and nothing is kept of it."""

    def is_refused(self, saml, acme, form):
        with nothing_written(User, Identity, Assertion):
            answer = post(saml, form, workspace=acme)
        assert answer.status_code == 403
        assert not Session.objects.exclude(user=None).exists()
        return True

    @pytest.mark.parametrize(
        "options",
        [
            {"until": timedelta(minutes=-10)},
            {"until": timedelta(days=30)},
            {"since": timedelta(hours=1)},
            {"audience": "https://another.example/metadata"},
            {"audience": ""},
            {"recipient": "http://globex.localhost:8000/sso/acs/"},
            {"recipient": ""},
            {"issuer": "https://evil.example"},
            {"subject": ""},
        ],
        ids=str,
    )
    def test_an_answer_that_is_not_for_us_now(self, saml, acme, options):
        assert self.is_refused(saml, acme, answer_to(saml, "a1", **options))

    def test_one_whose_recipient_only_begins_like_us(self, saml, acme):
        form = answer_to(saml, "a1", recipient=f"https://evil.example/?{saml.acs_url}")

        assert self.is_refused(saml, acme, form)

    def test_one_sent_to_another_address(self, saml, acme):
        inner = signed(assertion(saml, "a1"))
        form = posted(response(saml, "a1", inner, destination="https://evil.example/acs"))

        assert self.is_refused(saml, acme, form)

    def test_an_unsigned_one(self, saml, acme):
        assert self.is_refused(saml, acme, posted(response(saml, "a1", assertion(saml, "a1"))))

    def test_one_signed_by_somebody_else(self, saml, acme):
        inner = signed(assertion(saml, "a1"), OTHER_KEY, OTHER_CERTIFICATE)

        assert self.is_refused(saml, acme, posted(response(saml, "a1", inner)))

    def test_one_that_claims_our_certificate_under_another_key(self, saml, acme):
        inner = signed(assertion(saml, "a1"), OTHER_KEY, CERTIFICATE)

        assert self.is_refused(saml, acme, posted(response(saml, "a1", inner)))

    def test_one_signed_the_old_way(self, saml, acme):
        inner = signed(assertion(saml, "a1"), **SHA1)

        assert self.is_refused(saml, acme, posted(response(saml, "a1", inner)))

    def test_one_changed_after_signing(self, saml, acme):
        inner = signed(assertion(saml, "a1")).replace("dora@idp.example", "alice@idp.example")

        assert self.is_refused(saml, acme, posted(response(saml, "a1", inner)))

    def test_one_wrapped_around_another(self, saml, acme):
        """Every place where a signed assertion can be hidden while another one is read."""
        good = signed(assertion(saml, "a1"))
        evil = assertion(
            saml, "a1", subject="alice", said={"email": "alice@idp.example"}, id="_evil"
        )
        in_front, behind = evil + good, good + evil
        inside_subject = evil.replace(
            "</saml:Subject>", f"</saml:Subject><saml:Advice>{good}</saml:Advice>"
        )
        extension = evil.replace(
            "<saml:Subject>", f"<saml:Subject><saml:Extensions>{good}</saml:Extensions>"
        )
        signature = good[good.index("<ds:Signature") : good.index("</ds:Signature>") + 15]
        hidden = signature.replace(
            "</ds:Signature>",
            f"<ds:Object>{good.replace(signature, '')}</ds:Object></ds:Signature>",
        )
        moved = evil.replace("</saml:Issuer>", f"</saml:Issuer>{hidden}", 1)
        twin = evil.replace("_evil", good.partition(' ID="')[2].partition('"')[0])
        shapes = (
            in_front,
            behind,
            inside_subject,
            extension,
            moved,
            twin + good,
            twin.replace("</saml:Issuer>", f"</saml:Issuer>{signature}", 1),
        )

        for shape in shapes:
            assert self.is_refused(saml, acme, posted(response(saml, "a1", shape)))

    def test_one_wrapped_as_a_whole(self, saml, acme):
        good = signed(response(saml, "a1", assertion(saml, "a1")))
        evil = response(saml, "a1", assertion(saml, "a1", subject="alice"))
        for shape in (
            evil.replace(
                "</samlp:Status>", f"</samlp:Status><samlp:Extensions>{good}</samlp:Extensions>"
            ),
            evil.replace("</samlp:Response>", f"{good}</samlp:Response>"),
        ):
            assert self.is_refused(saml, acme, posted(shape))

    def test_one_that_expands_or_reaches_out(self, saml, acme):
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
        good = response(saml, "a1", signed(assertion(saml, "a1")))

        assert self.is_refused(saml, acme, posted(bomb + good.replace("Dora", "&b;")))

    @given(
        text=st.one_of(
            st.text(max_size=200), st.binary(max_size=200).map(lambda raw: raw.decode("latin-1"))
        )
    )
    def test_what_is_no_answer_at_all(self, saml, text):
        with pytest.raises(SignInFailed):
            read_answer(saml, text)

    def test_one_too_large_to_read(self, saml, acme):
        assert self.is_refused(saml, acme, {"SAMLResponse": "A" * 400_000})

    def test_one_that_says_no(self, saml, acme):
        xml = response(saml, "a1", "").replace("status:Success", "status:Requester")

        assert self.is_refused(saml, acme, posted(signed(xml)))


class TestBinding:
    def test_nobody_asked(self, saml, acme):
        with nothing_written(User, Identity, Assertion):
            assert post(saml, answer_to(saml, ""), workspace=acme).status_code == 403

    def test_unless_that_is_allowed(self, saml, acme, alice):
        update_connection(saml, changes={"is_unasked_allowed": True}, actor=alice.as_actor())
        visitor = Visitor(acme)
        taken = post(saml, answer_to(saml, ""), workspace=acme)

        assert visitor.get(taken["Location"])["Location"] == "/"

    def test_a_signed_question_is_what_counts(self, saml, acme):
        """The response around a signed assertion can say anything."""
        visitor = Visitor(acme)
        asked = ask(visitor, saml)
        form = posted(response(saml, asked, signed(assertion(saml, "a-of-somebody-else"))))
        taken = post(saml, form, workspace=acme)

        assert taken.status_code == 403 or visitor.get(taken["Location"]).status_code == 403

    def test_another_browser_cannot_fetch_it(self, saml, acme):
        asked = ask(Visitor(acme), saml)
        taken = post(saml, answer_to(saml, asked), workspace=acme)
        victim = Visitor(acme)
        ask(victim, saml)

        with nothing_written(User, Identity):
            assert victim.get(taken["Location"]).status_code == 403

    def test_an_assertion_counts_once(self, saml, acme):
        visitor = Visitor(acme)
        asked = ask(visitor, saml)
        form = answer_to(saml, asked)
        taken = post(saml, form, workspace=acme)
        assert post(saml, form, workspace=acme).status_code == 403
        assert visitor.get(taken["Location"]).status_code == 302
        assert visitor.get(taken["Location"]).status_code == 403
        assert post(saml, form, workspace=acme).status_code == 403

    def test_a_ticket_does_not_wait_long(self, saml):
        answer = read_answer(saml, answer_to(saml, "a1")["SAMLResponse"])
        ticket = keep_assertion(saml, answer, at=now() - timedelta(minutes=3))

        with pytest.raises(SignInFailed):
            take_assertion(saml, ticket, at=now())

    def test_answers_are_forgotten_when_they_could_not_be_shown_again(self, saml):
        answer = read_answer(saml, answer_to(saml, "a1")["SAMLResponse"])
        keep_assertion(saml, answer, at=now())
        assert forget_assertions(at=now()) == 0

        assert forget_assertions(at=now() + timedelta(minutes=16)) == 1

    def test_what_it_says_is_sealed_while_it_waits(self, saml):
        answer = read_answer(saml, answer_to(saml, "a1")["SAMLResponse"])
        keep_assertion(saml, answer, at=now())

        assert b"dora" not in bytes(Assertion.objects.get().sealed_said)


class TestTheOtherWorkspace:
    """The same provider, key and entity at Acme and Globex."""

    @pytest.fixture
    def theirs(self, globex, eve, saml):
        def make():
            values = {"name": "Entra", "metadata": METADATA, "makes_members": True, "trusted_domains": ["idp.example"],
                      "default_role": Role.objects.get(key="viewer")}  # fmt: skip
            made = create_connection("saml", values=values, actor=eve.as_actor())
            note_tested(made, actor=eve.as_actor(), at=eve.joined_at)
            return switch_connection(made, is_on=True, actor=eve.as_actor())

        return inside(globex, make)

    def test_an_answer_for_one_is_refused_at_the_other(self, saml, theirs, acme, globex):
        visitor = Visitor(acme)
        form = answer_to(saml, ask(visitor, saml))
        before = inside(globex, lambda: User.objects.count())

        assert post(theirs, form, workspace=globex).status_code == 403
        assert post(saml, form, workspace=globex).status_code == 404
        assert inside(globex, lambda: User.objects.count()) == before
        assert inside(globex, lambda: Assertion.objects.count()) == 0

    def test_even_with_the_other_connections_own_number(self, saml, theirs, acme, globex):
        """A connection's number means nothing beyond its workspace, should two ever be alike."""
        inside(globex, lambda: Connection.objects.filter(pk=theirs.pk).update(id=saml.pk))
        visitor = Visitor(globex)
        twin = inside(globex, lambda: Connection.objects.get())
        asked = ask(visitor, twin)

        assert post(twin, answer_to(saml, asked), workspace=globex).status_code == 403

    def test_a_ticket_of_one_is_nothing_at_the_other(self, saml, theirs, acme, globex):
        visitor, elsewhere = Visitor(acme), Visitor(globex)
        taken = post(saml, answer_to(saml, ask(visitor, saml)), workspace=acme)
        ticket = urlsplit(taken["Location"]).path.rstrip("/").rpartition("/")[2]
        elsewhere.cookies = visitor.cookies

        assert elsewhere.get(f"/sso/{theirs.pk}/finish/{ticket}/").status_code == 403
