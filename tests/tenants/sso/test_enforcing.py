"""Where passwords are closed: nobody gets in by them but an owner with a second factor, and everybody hears of it."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from time import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.utils.timezone import now

from core.events.models import Event
from tenants.members.models import Invitation, Role, Session, User
from tenants.members.operations.factors import add_app
from tenants.members.operations.policies import change_login_policy
from tenants.members.ways_in import PasswordsClosed, refuse_passwords
from tenants.sso.models import Connection, SignInRule
from tenants.sso.operations.breaking_glass import note_broken_glass
from tenants.sso.operations.connections import delete_connection, enforce_sso, switch_connection
from tenants.sso.refusals import NothingToEnforce, NoWayBack, StillEnforced
from tests.conftest import PASSWORD, Visitor, make_member, nothing_written
from tests.tenants.members.codes import totp
from tests.tenants.sso.conftest import begun, come_in, connect, question
from tests.tenants.sso.providers import answer_to, sign_in_at, tell_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def protected(alice):
    alice.set_password(PASSWORD)
    alice.save()
    add_app(alice, secret=SECRET, keep="", actor=alice.as_actor())
    return alice


@pytest.fixture
def enforced(oidc, protected):
    enforce_sso(is_enforced=True, actor=protected.as_actor())
    mail.outbox.clear()


def by_password(acme, member):
    visitor = Visitor(acme)
    return visitor, visitor.post("/login/", {"login": member.email, "password": PASSWORD})


def is_in(visitor):
    return visitor.get("/settings/profile/").status_code == 200


class TestSwitchingItOn:
    def test_it_takes_a_connection_that_is_on(self, protected):
        with nothing_written(SignInRule), pytest.raises(NothingToEnforce):
            enforce_sso(is_enforced=True, actor=protected.as_actor())

    def test_it_takes_an_owner_who_gets_in_when_the_provider_fails(self, oidc, alice):
        with pytest.raises(NoWayBack):
            enforce_sso(is_enforced=True, actor=alice.as_actor())
        assert not SignInRule.objects.filter(is_enforced=True).exists()

    def test_it_is_done_on_the_page(self, oidc, protected, as_member):
        visitor = as_member(protected)
        visitor.post("/settings/sso/enforce/", {"is_enforced": "1"})
        assert SignInRule.objects.get().is_enforced
        visitor.post("/settings/sso/enforce/", {"is_enforced": "0"})
        assert not SignInRule.objects.get().is_enforced
        assert Event.objects.filter(name="sso_rule.updated").count() == 2

    def test_the_last_connection_stays(self, enforced, oidc, alice):
        for refused in (
            lambda: switch_connection(oidc, is_on=False, actor=alice.as_actor()),
            lambda: delete_connection(oidc, actor=alice.as_actor()),
        ):
            with nothing_written(Connection), pytest.raises(StillEnforced):
                refused()


class TestEnforced:
    def test_the_page_offers_the_provider_alone(self, enforced, acme):
        page = Visitor(acme).get("/login/").content.decode()

        assert "Continue with Okta" in page
        assert 'name="password"' not in page
        assert 'name="password"' in Visitor(acme).get("/login/?password").content.decode()

    @pytest.mark.parametrize("role", [key for key in Role.Key.values if key != "owner"])
    def test_a_password_opens_nothing(self, enforced, acme, role):
        member = make_member(f"{role}@acme.test", role)
        with nothing_written(User):
            visitor, answer = by_password(acme, member)

        assert answer.status_code == 403
        assert not is_in(visitor)
        assert not Session.objects.filter(user=member).exists()

    def test_nor_with_a_second_factor(self, enforced, acme):
        member = make_member("adam@acme.test", "admin")
        add_app(member, secret=SECRET, keep="", actor=member.as_actor())

        assert by_password(acme, member)[1].status_code == 403

    def test_nor_an_owners_without_one(self, enforced, acme):
        member = make_member("olga@acme.test", "owner")
        visitor, answer = by_password(acme, member)

        assert answer.status_code == 403
        assert not is_in(visitor)

    def test_nor_does_a_code(self, enforced, acme, bob):
        visitor = Visitor(acme)
        visitor.post("/login/code/", {"email": bob.email})
        code = next(
            word
            for word in mail.outbox[0].body.split()
            if (len(word) >= 6 and word.isupper()) or word.isdigit()
        )
        answer = visitor.post("/login/code/confirm/", {"code": code})

        assert answer.status_code == 403
        assert not is_in(visitor)

    def test_nor_does_a_wrong_password_tell_anything(self, enforced, acme, bob):
        answers = [
            Visitor(acme).post("/login/", {"login": email, "password": "wrong wrong wrong"})
            for email in (bob.email, "nobody@acme.test")
        ]

        assert {answer.status_code for answer in answers} == {200}
        assert all(b"own provider" not in answer.content for answer in answers)

    def test_nobody_joins_by_a_password(self, enforced):
        with pytest.raises(PasswordsClosed):
            refuse_passwords()

    def test_an_invited_person_comes_by_the_provider_too(self, enforced, acme, protected):
        secret = "s" * 43
        Invitation.objects.create(
            email="ina@acme.test",
            role=protected.role,
            token_hash=sha256(secret.encode()).hexdigest(),
            created_at=now(),
            expires_at=now() + timedelta(days=1),
        )
        page = Visitor(acme).get(f"/join/{secret}/").content.decode()
        assert "Continue with Okta" in page
        assert 'name="password"' not in page
        with nothing_written(User, Invitation):
            answer = Visitor(acme).post(f"/join/{secret}/", {"password": PASSWORD})
        assert answer.status_code == 403

    def test_the_provider_lets_in(self, enforced, oidc, acme, bob, issuer):
        tell_of(issuer, "bob", email="bob@acme.test", email_verified=True)
        visitor = Visitor(acme)
        come_in(visitor, oidc, "bob")

        assert is_in(visitor)
        assert "broke_glass" not in str(list(Event.objects.values_list("name", flat=True)))

    def test_it_holds_at_acme_alone(self, enforced, globex, eve):
        assert 'name="password"' in Visitor(globex).get("/login/").content.decode()


class TestBreakingTheGlass:
    def test_an_owner_gets_in_and_everybody_who_answers_hears_of_it(
        self, enforced, protected, acme, bob
    ):
        make_member("adam@acme.test", "admin", language="zh-hans")
        make_member("olga@acme.test", "owner")
        visitor, answer = by_password(acme, protected)
        assert answer["Location"] == "/login/two-step/"
        assert not Event.objects.filter(name="member.broke_glass").exists()
        visitor.post("/login/two-step/", {"code": totp(SECRET)})

        assert is_in(visitor)
        event = Event.objects.get(name="member.broke_glass")
        assert (event.subject_id, event.payload) == (protected.pk, {})
        told = {
            message.to[0]
            for message in mail.outbox
            if "single sign-on" in message.subject or "单点登录" in message.subject
        }
        assert told == {protected.email, "adam@acme.test", "olga@acme.test"}

    def test_half_way_is_not_in(self, enforced, protected, acme):
        visitor, _answer = by_password(acme, protected)
        visitor.post("/login/two-step/", {"code": "000000"})

        assert not is_in(visitor)
        assert not Event.objects.filter(name="member.broke_glass").exists()

    def test_only_those_who_answer_for_the_workspace_are_told(self, protected, bob):
        mail.outbox.clear()
        note_broken_glass(protected, actor=protected.as_actor())

        assert [message.to for message in mail.outbox] == [[protected.email]]


class TestAgain:
    """Before something dangerous, those who come by a provider prove there who they are."""

    def test_somebody_without_a_password_is_sent_to_the_provider(self, oidc, acme, alice, issuer):
        tell_of(issuer, "alice", email=alice.email, email_verified=True)
        User.objects.filter(pk=alice.pk).update(password="!")
        visitor = Visitor(acme)
        come_in(visitor, oidc, "alice")
        place = f"/settings/sso/{oidc.pk}/switch/"
        answer = visitor.post(place, {"is_on": "0"})
        assert answer["Location"].startswith(f"/sso/{oidc.pk}/again/")

        away = visitor.get(answer["Location"])["Location"]
        assert "prompt=login" in away
        back = sign_in_at(away, "alice")
        assert visitor.get(back.partition("localhost:8000")[2])["Location"] == place
        assert visitor.post(place, {"is_on": "0"})["Location"] == f"/settings/sso/{oidc.pk}/"

    def test_somebody_else_there_proves_nothing(self, oidc, acme, alice, bob, issuer):
        tell_of(issuer, "alice", email=alice.email, email_verified=True)
        tell_of(issuer, "bob", email=bob.email, email_verified=True)
        visitor = Visitor(acme)
        come_in(visitor, oidc, "alice")
        back = sign_in_at(begun(visitor, oidc, "again/?next=/settings/sso/"), "bob")

        assert visitor.get(back.partition("localhost:8000")[2]).status_code == 403
        assert (
            visitor.post(f"/settings/sso/{oidc.pk}/switch/", {"is_on": "0"})["Location"]
            != f"/settings/sso/{oidc.pk}/"
        )

    @pytest.mark.parametrize(
        "said", [{}, {"auth_time": 1}, {"auth_time": "now"}, {"auth_time": None}]
    )
    def test_a_provider_that_did_not_ask_just_now_proves_nothing(self, rogue, acme, alice, said):
        connection = connect(rogue.issuer, alice.as_actor(), alice.joined_at)
        User.objects.filter(pk=alice.pk).update(password="!")
        visitor, place = Visitor(acme), "/settings/sso/enforce/"
        known = {"aud": "atrium", "email": alice.email, "email_verified": True}

        def answered(path="", **said):
            asked = question(begun(visitor, connection, path))
            rogue.told = {**known, "nonce": asked["nonce"], **said}
            back = f"/sso/{connection.pk}/callback/?state={asked['state']}&code=c"
            return visitor.get(back)

        assert answered().status_code == 302
        refused = answered("again/?next=/settings/two-step/app/", **said)

        assert refused.status_code == 403
        assert visitor.post(place)["Location"].startswith(f"/sso/{connection.pk}/again/")
        # What proves it as well is offered, and leads to where they wanted.
        assert b"/reauthenticate/mail/?next=%2Fsettings%2Ftwo-step%2Fapp%2F" in refused.content
        assert answered("again/", auth_time=time()).status_code == 302
        assert visitor.get("/settings/two-step/app/").status_code == 200

    def test_so_does_an_old_assertion(self, saml, acme, alice):
        saml.identities.create(user=alice, subject="dora", last_used_at=alice.joined_at)
        User.objects.filter(pk=alice.pk).update(password="!")
        visitor = Visitor(acme)

        def answered(path="", **options):
            asked = question(begun(visitor, saml, path))["RelayState"]
            told = Visitor(acme).post(f"/sso/{saml.pk}/acs/", answer_to(saml, asked, **options))
            return visitor.get(told["Location"])

        old = {"asked_at": datetime.now(UTC) - timedelta(minutes=5)}
        assert answered(**old).status_code == 302
        assert answered("again/", **old).status_code == 403
        assert visitor.get("/settings/two-step/app/").status_code == 302
        assert answered("again/").status_code == 302
        assert visitor.get("/settings/two-step/app/").status_code == 200

    def test_who_has_to_set_up_a_factor_first_can_prove_it_too(self, oidc, acme, alice, issuer):
        tell_of(issuer, "alice", email=alice.email, email_verified=True)
        User.objects.filter(pk=alice.pk).update(password="!")
        policy = {"needs_second_factor": True, "grace_days": 0}
        change_login_policy(changes=policy, address="127.0.0.1", actor=alice.as_actor(), at=now())
        visitor = Visitor(acme)
        come_in(visitor, oidc, "alice")

        asked = visitor.get("/settings/two-step/app/")["Location"]
        back = sign_in_at(visitor.get(asked)["Location"], "alice")
        place = visitor.get(back.partition("localhost:8000")[2])["Location"]

        assert visitor.get(place).status_code == 200

    def test_whoever_has_no_link_is_not_sent(self, oidc, as_member, bob):
        assert as_member(bob).get(f"/sso/{oidc.pk}/again/").status_code == 404

    def test_a_second_factor_of_ours_still_counts(self, protected):
        assert TOTP(protected.authenticator_set.get(type="totp")).validate_code(totp(SECRET))
