"""Second factors: set up, asked for at log-in, and taken away, by their owner alone."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import now

from core.events.models import Event
from tenants.members.models import LoginToken
from tenants.members.operations.factors import (
    AppThereAlready,
    NothingToRecover,
    add_app,
    add_passkey,
    remove_factor,
    rename_passkey,
    renew_recovery_codes,
)
from tests.conftest import PASSWORD, Visitor, inside, make_member, nothing_written
from tests.tenants.members.codes import recovery_codes_on, secret_on, totp
from tests.tenants.members.test_log_in import code, is_in, log_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def clock(monkeypatch):
    """Time stands still in the middle of a half-minute, so that no code runs out; it can be moved on."""

    class Clock:
        now = time.time() // 30 * 30 + 15

        def pass_on(self, seconds):
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time.time", lambda: clock.now)
    return clock


def prove(visitor, password=PASSWORD):
    return visitor.post("/reauthenticate/", {"password": password, "next": "/settings/two-step/"})


@pytest.fixture
def protected(bob):
    """Bob with an authenticator app; what he got when he set it up."""
    return add_app(bob, secret=SECRET, keep="", actor=bob.as_actor())


def second_step(visitor, code):
    return visitor.post("/login/two-step/", {"code": code})


class TestSettingUp:
    def test_an_app_counts_once_one_of_its_codes_was_entered(self, bob, acme, clock):
        visitor = Visitor(acme)
        log_in(visitor, "bob@acme.test")
        prove(visitor)
        page = visitor.get("/settings/two-step/app/").content.decode()
        assert "data:image/svg+xml;base64," in page

        with nothing_written(Authenticator, Event):
            wrong = visitor.post("/settings/two-step/app/", {"code": "000000"})
            assert wrong.status_code == 422
        done = visitor.post(
            "/settings/two-step/app/", {"code": totp(secret_on(page), clock.now)}
        ).content.decode()

        assert len(recovery_codes_on(done)) == 10
        assert "Two-step verification is on" in visitor.get("/settings/two-step/").content.decode()
        assert mail.outbox[-1].to == ["bob@acme.test"]
        assert "An authenticator app was set up" in mail.outbox[-1].body
        assert Event.objects.get(name="member.login_changed").payload["change"] == "app_added"

    def test_it_asks_first_who_it_is(self, bob, acme):
        visitor = Visitor(acme)
        visitor.force_login(bob, is_proven=False)

        for place in ("app", "passkeys", "codes"):
            response = visitor.get(f"/settings/two-step/{place}/")
            assert response.url.startswith("/reauthenticate/")

    def test_ten_minutes_later_it_asks_again(self, bob, acme, monkeypatch):
        visitor = Visitor(acme)
        log_in(visitor, "bob@acme.test")
        prove(visitor)
        assert visitor.get("/settings/two-step/app/").status_code == 200

        later = time.time() + 601
        monkeypatch.setattr(
            "allauth.account.internal.flows.reauthentication.time.time", lambda: later
        )

        assert visitor.get("/settings/two-step/app/").status_code == 302

    def test_secrets_are_sealed_under_the_workspaces_key(self, protected, bob, acme, globex):
        from allauth.mfa.adapter import get_adapter

        from compliance.encryption.errors import SealingError

        stored = {each.type: each.data for each in Authenticator.objects.all()}
        assert SECRET not in json.dumps(stored)
        assert get_adapter().decrypt(stored["totp"]["secret"]) == SECRET
        with pytest.raises(SealingError):
            inside(globex, lambda: get_adapter().decrypt(stored["totp"]["secret"]))

    def test_the_secret_waits_sealed(self, bob, acme):
        visitor = Visitor(acme)
        log_in(visitor, "bob@acme.test")
        prove(visitor)
        secret = secret_on(visitor.get("/settings/two-step/app/").content.decode())

        assert secret not in json.dumps(dict(visitor.session))

    def test_there_is_one_app(self, protected, bob):
        with nothing_written(Authenticator, Event), pytest.raises(AppThereAlready):
            add_app(bob, secret=SECRET, keep="", actor=bob.as_actor())

    def test_other_sessions_end(self, bob, acme, clock):
        here, elsewhere = Visitor(acme), Visitor(acme)
        log_in(here, "bob@acme.test")
        log_in(elsewhere, "bob@acme.test")
        prove(here)
        secret = secret_on(here.get("/settings/two-step/app/").content.decode())

        here.post("/settings/two-step/app/", {"code": totp(secret, clock.now)})

        assert is_in(here)
        assert not is_in(elsewhere)

    def test_new_recovery_codes_end_the_ones_before(self, protected, bob, acme):
        made = renew_recovery_codes(bob, keep="", actor=bob.as_actor())

        assert set(made) & set(protected) == set()
        visitor = Visitor(acme)
        log_in(visitor, "bob@acme.test")
        second_step(visitor, protected[0])
        assert not is_in(visitor)
        second_step(visitor, made[0])
        assert is_in(visitor)

    def test_recovery_codes_stand_in_for_something(self, bob):
        with nothing_written(Authenticator, Event), pytest.raises(NothingToRecover):
            renew_recovery_codes(bob, keep="", actor=bob.as_actor())

    def test_with_the_last_factor_the_codes_go(self, protected, bob, acme):
        factor = Authenticator.objects.get(type="totp")

        remove_factor(factor, keep="", actor=bob.as_actor())

        assert not Authenticator.objects.exists()
        assert "was removed" in mail.outbox[-1].body
        assert log_in(Visitor(acme), "bob@acme.test").url == "/"

    def test_a_passkey_has_a_name(self, bob):
        add_passkey(bob, name=" Phone ", credential={}, keep="", actor=bob.as_actor())
        passkey = Authenticator.objects.get(type="webauthn")
        assert passkey.data["name"] == "Phone"

        rename_passkey(passkey, name="Laptop", actor=bob.as_actor())

        passkey.refresh_from_db()
        assert passkey.data["name"] == "Laptop"
        with nothing_written(Authenticator), pytest.raises(ValidationError):
            rename_passkey(passkey, name=" ", actor=bob.as_actor())

    def test_a_made_up_passkey_is_refused(self, bob, acme):
        visitor = Visitor(acme)
        log_in(visitor, "bob@acme.test")
        prove(visitor)
        visitor.get("/settings/two-step/passkeys/")

        with nothing_written(Authenticator, Event):
            for credential in ("", "{}", "[]", '{"id": "x", "response": {}}', "nonsense"):
                fields = {"name": "Phone", "credential": credential}
                response = visitor.post("/settings/two-step/passkeys/", fields)
                assert response.status_code == 422, credential

    def test_nobody_touches_anothers(self, protected, bob, alice, as_member):
        factor, actor = Authenticator.objects.get(type="totp"), alice.as_actor()

        with nothing_written(Authenticator, Event):
            for attempt in (
                lambda: remove_factor(factor, keep="", actor=actor),
                lambda: rename_passkey(factor, name="Mine", actor=actor),
                lambda: renew_recovery_codes(bob, keep="", actor=actor),
                lambda: add_app(bob, secret=SECRET, keep="", actor=actor),
                lambda: add_passkey(bob, name="x", credential={}, keep="", actor=actor),
            ):
                with pytest.raises(PermissionDenied):
                    attempt()
            visitor = as_member(alice)
            prove(visitor)
            assert visitor.post(f"/settings/two-step/{factor.pk}/remove/").status_code == 404

    def test_next_door_knows_nothing_of_it(self, protected, globex):
        assert inside(globex, Authenticator.objects.count) == 0


class TestLogIn:
    def test_the_password_alone_is_not_enough(self, protected, acme, clock):
        visitor = Visitor(acme)

        assert log_in(visitor, "bob@acme.test").url == "/login/two-step/"
        assert not is_in(visitor)
        second_step(visitor, "000000")
        assert not is_in(visitor)
        second_step(visitor, totp(SECRET, clock.now))
        assert is_in(visitor)

    def test_a_code_works_once(self, protected, acme, clock):
        used, again = Visitor(acme), Visitor(acme)
        log_in(used, "bob@acme.test")
        second_step(used, totp(SECRET, clock.now))
        log_in(again, "bob@acme.test")

        second_step(again, totp(SECRET, clock.now))

        assert is_in(used)
        assert not is_in(again)

    @pytest.mark.parametrize("moved", [-60, -30, 30, 60])
    def test_a_code_counts_in_its_own_half_minute(self, protected, acme, clock, moved):
        visitor = Visitor(acme)
        log_in(visitor, "bob@acme.test")

        second_step(visitor, totp(SECRET, clock.now + moved))

        assert not is_in(visitor)

    def test_guessing_ends_soon(self, protected, acme, clock):
        visitor = Visitor(acme)
        log_in(visitor, "bob@acme.test")
        for guess in range(6):
            second_step(visitor, f"{guess:06}")

        second_step(visitor, totp(SECRET, clock.now))

        assert not is_in(visitor)

    def test_a_recovery_code_works_once(self, protected, acme):
        first, second = Visitor(acme), Visitor(acme)
        log_in(first, "bob@acme.test")
        second_step(first, protected[3])
        log_in(second, "bob@acme.test")
        second_step(second, protected[3])

        assert is_in(first)
        assert not is_in(second)
        assert "9 codes are left" in first.get("/settings/two-step/").content.decode()

    def test_a_mailed_code_does_not_stand_in_for_it(self, protected, acme):
        visitor = Visitor(acme)
        visitor.post("/login/code/", {"email": "bob@acme.test"})

        response = visitor.post("/login/code/confirm/", {"code": code(), "action": "verify"})

        assert response.url == "/login/two-step/"
        assert not is_in(visitor)

    def test_nor_does_a_new_password(self, protected, acme):
        visitor = Visitor(acme)
        visitor.post("/password/reset/", {"email": "bob@acme.test"})
        visitor.post("/password/reset/confirm/", {"code": code(), "action": "verify"})
        new = "a sentence nobody guesses"
        visitor.post("/password/reset/complete/", {"password1": new, "password2": new})
        assert not is_in(visitor)

        assert log_in(visitor, "bob@acme.test", new).url == "/login/two-step/"
        assert not is_in(visitor)

    def test_a_code_answers_the_question_who_it_is(self, protected, bob, acme, clock):
        visitor = Visitor(acme)
        visitor.force_login(bob, is_proven=False)
        assert visitor.get("/settings/two-step/codes/").status_code == 302
        fields = {"code": totp(SECRET, clock.now), "next": "/settings/two-step/app/"}

        visitor.post("/reauthenticate/code/", fields)

        assert visitor.get("/settings/two-step/codes/").status_code == 200

    def test_a_made_up_passkey_opens_nothing(self, bob, acme):
        for place in ("/login/passkey/", "/login/two-step/", "/reauthenticate/passkey/"):
            for credential in ("", "{}", "[]", '{"response": {}}', '{"id": "x", "response": 1}'):
                visitor = Visitor(acme)
                visitor.get(place, headers={"x-requested-with": "XMLHttpRequest"})

                visitor.post(place, {"credential": credential})

                assert not is_in(visitor)

    def test_a_twin_next_door_is_not_protected_by_it(self, protected, globex):
        inside(globex, lambda: make_member("bob@acme.test", "rep"))

        assert log_in(Visitor(globex), "bob@acme.test").url == "/"

    def test_the_way_from_sign_up_is_only_for_those_who_have_none(self, protected, bob, acme):
        from tenants.members.login_tokens import issue_login_token

        visitor = Visitor(acme)
        visitor.post(
            "/enter/",
            {"token": issue_login_token(bob, at=now())},
            headers={"origin": "http://localhost:8000"},
        )

        assert not is_in(visitor)
        assert not LoginToken.objects.exists()
