"""What a workspace demands of those who log in, and that it holds for pages and API alike."""

import re
from datetime import timedelta
from html import unescape

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import now

from api.keys.models import ApiKey
from api.keys.operations import create_key
from core.events.models import Event
from tenants.members.models import LoginPolicy, Role, User
from tenants.members.operations.factors import add_app
from tenants.members.operations.policies import (
    ShutsYouOut,
    change_login_policy,
    require_second_factor,
)
from tests.conftest import PASSWORD, Visitor, inside, nothing_written
from tests.tenants.members.codes import secret_on, totp
from tests.tenants.members.test_log_in import is_in, log_in

PAGE = "/settings/security/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HERE, ELSEWHERE = "127.0.0.1", "203.0.113.9"
FORM = {
    "grace_days": "7",
    "idle_minutes": "60",
    "lasting_hours": "24",
    "password_length": "16",
    "networks": "127.0.0.0/8\n2001:db8::/32",
}


def change(actor, address=HERE, at=None, **changes):
    return change_login_policy(
        changes=changes, address=address, actor=actor.as_actor(), at=at or now()
    )


def prove(visitor):
    visitor.post("/reauthenticate/", {"password": PASSWORD, "next": PAGE})
    return visitor


@pytest.fixture
def overdue(alice, bob):
    """Everybody needs a second factor, and the time to set one up is over."""
    User.objects.update(joined_at=now() - timedelta(days=90))
    change(alice, at=now() - timedelta(days=30), needs_second_factor=True, grace_days=14)


class TestSecondFactor:
    def test_before_its_time_a_banner_tells_the_day(self, alice, bob, as_member):
        change(alice, needs_second_factor=True, grace_days=14)

        page = as_member(bob).get("/contacts/")

        assert page.status_code == 200
        assert "You need it from" in page.content.decode()

    def test_after_it_every_page_leads_to_setting_it_up(self, overdue, bob, as_member):
        visitor = as_member(bob)

        for place in ("/", "/contacts/", "/settings/profile/", "/settings/api-keys/", "/email/"):
            assert visitor.get(place).url == "/settings/two-step/", place
        part = visitor.get("/contacts/", headers={"hx-request": "true"})
        assert part["HX-Redirect"] == "/settings/two-step/"
        assert (
            "Set up an app or a passkey to go on"
            in visitor.get("/settings/two-step/").content.decode()
        )

    def test_nothing_can_be_done_meanwhile(self, overdue, bob, as_member):
        visitor = as_member(bob)

        with nothing_written(ApiKey, Event, User):
            visitor.post("/settings/api-keys/", {"name": "mine"})
            visitor.post("/settings/profile/", {"given_name": "Rob"})
            answer = visitor.post(
                "/api/v1/contacts/", {"given_name": "Ada"}, content_type="application/json"
            )
        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")

    def test_nor_by_a_key_made_before(self, bob, alice, acme):
        _key, secret = create_key(actor=bob.as_actor(), name="mine")
        program = Visitor(acme, HTTP_AUTHORIZATION=f"Bearer {secret}")
        assert program.get("/api/v1/contacts/").status_code == 200
        User.objects.update(joined_at=now() - timedelta(days=90))
        change(alice, at=now() - timedelta(days=30), needs_second_factor=True)

        assert program.get("/api/v1/contacts/").json()["code"] == "second_factor_needed"
        add_app(bob, secret=SECRET, keep="", actor=bob.as_actor())
        assert program.get("/api/v1/contacts/").status_code == 200

    def test_setting_it_up_opens_the_doors(self, overdue, bob, as_member):
        visitor = prove(as_member(bob))
        secret = secret_on(visitor.get("/settings/two-step/app/").content.decode())

        visitor.post("/settings/two-step/app/", {"code": totp(secret)})

        assert is_in(visitor)
        assert visitor.get("/api/v1/contacts/").status_code == 200

    def test_leaving_is_always_possible(self, overdue, bob, as_member):
        visitor = as_member(bob)

        visitor.post("/logout/")

        assert visitor.get("/settings/two-step/").url.startswith("/login/")

    def test_whoever_joins_later_has_the_days_too(self, overdue, bob, as_member):
        User.objects.filter(pk=bob.pk).update(joined_at=now() - timedelta(days=1))

        assert is_in(as_member(bob))

    def test_a_role_may_need_it_alone(self, alice, bob, carol, as_member):
        User.objects.update(joined_at=now() - timedelta(days=90))
        require_second_factor({bob.role_id}, actor=alice.as_actor(), at=now() - timedelta(days=30))

        assert not is_in(as_member(bob))
        assert is_in(as_member(carol))
        require_second_factor(set(), actor=alice.as_actor(), at=now())
        assert is_in(as_member(bob))

    def test_the_days_do_not_begin_anew_when_it_is_saved_again(self, overdue, alice):
        since = LoginPolicy.objects.get().second_factor_since

        change(alice, needs_second_factor=True, password_length=14)

        assert LoginPolicy.objects.get().second_factor_since == since


class TestNetworks:
    @pytest.fixture
    def fenced(self, alice, bob):
        change(alice, networks=["127.0.0.1", "198.51.100.0/24", "2001:db8::/32"])

    @pytest.mark.parametrize(
        ("address", "is_let_in"),
        [
            ("127.0.0.1", True),
            ("198.51.100.77", True),
            ("::ffff:198.51.100.77", True),
            ("2001:db8::1", True),
            (ELSEWHERE, False),
            ("2001:db9::1", False),
            ("198.51.101.1", False),
        ],
    )
    def test_only_these_addresses_are_let_in(self, fenced, address, is_let_in):
        assert LoginPolicy.objects.get().lets_in(address) == is_let_in

    def test_pages_and_api_are_closed_elsewhere(self, fenced, bob, as_member, acme):
        visitor = as_member(bob)
        _key, secret = create_key(actor=bob.as_actor(), name="mine")
        program = Visitor(acme, HTTP_AUTHORIZATION=f"Bearer {secret}", REMOTE_ADDR=ELSEWHERE)

        assert is_in(visitor)
        refused = visitor.get("/contacts/", REMOTE_ADDR=ELSEWHERE)
        assert refused.status_code == 403
        assert "certain networks only" in refused.content.decode()
        api = visitor.get("/api/v1/contacts/", REMOTE_ADDR=ELSEWHERE)
        assert (api.status_code, api.json()["code"]) == (403, "outside_networks")
        assert program.get("/api/v1/contacts/").json()["code"] == "outside_networks"

    def test_a_password_is_not_even_looked_at_elsewhere(self, fenced, bob, acme):
        said = {}
        for email in ("bob@acme.test", "nobody@acme.test"):
            for password in (PASSWORD, "not this one at all"):
                visitor = Visitor(acme, REMOTE_ADDR=ELSEWHERE)
                fields = {"login": email, "password": password}
                answer = visitor.post("/login/", fields)
                page = re.sub(r'"\w{64}"', "", answer.content.decode())
                said[answer.status_code, page] = email
                assert not visitor.session.get("_auth_user_id")
        assert [status for status, _content in said] == [403]
        # None of those tries counts against Bob, who is where he may be.
        assert log_in(Visitor(acme), "bob@acme.test").url == "/"

    @pytest.mark.parametrize(
        "place",
        ["/login/", "/login/code/", "/password/reset/", "/login/passkey/", "/join/", "/enter/"],
    )
    def test_no_way_in_is_open_elsewhere(self, fenced, bob, acme, place, mailoutbox):
        visitor = Visitor(acme, REMOTE_ADDR=ELSEWHERE)

        with nothing_written(Event, User):
            answers = [
                visitor.get(place),
                visitor.post(place, {"email": "bob@acme.test"}, headers={"origin": "x"}),
            ]

        assert {each.status_code for each in answers} <= {403, 405}
        assert "certain networks only" in answers[1].content.decode()
        assert mailoutbox == []
        assert Visitor(acme).get("/login/").status_code == 200

    def test_next_door_the_door_stays_open(self, fenced, eve, globex):
        visitor = Visitor(globex, REMOTE_ADDR=ELSEWHERE)

        assert log_in(visitor, "eve@globex.test").url == "/"

    def test_a_forwarded_address_is_not_believed(self, fenced, bob, as_member):
        headers = {"x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1"}

        response = as_member(bob).get("/contacts/", headers=headers, REMOTE_ADDR=ELSEWHERE)

        assert response.status_code == 403

    def test_nobody_shuts_themselves_out(self, alice, as_member):
        with nothing_written(LoginPolicy, Event):
            with pytest.raises(ShutsYouOut):
                change(alice, networks=["203.0.113.0/24"])
            page = prove(as_member(alice)).post(PAGE, {**FORM, "networks": "203.0.113.0/24"})
        assert page.status_code == 422
        assert "you would shut yourself out" in page.content.decode()

    @pytest.mark.parametrize("network", ["not one", "10.0.0.0/33", "10.0.0.1/24", "300.1.1.1"])
    def test_what_is_no_network_is_refused(self, alice, network):
        with nothing_written(LoginPolicy, Event), pytest.raises(ValidationError):
            change(alice, networks=["127.0.0.1", network])


class TestPage:
    def test_an_admin_sets_what_is_demanded(self, alice, as_member):
        visitor = prove(as_member(alice))
        rep = Role.objects.get(key="rep")

        assert visitor.post(PAGE, {**FORM, "roles": [rep.pk]}).url == PAGE

        policy = LoginPolicy.objects.get()
        assert (policy.grace_days, policy.idle_minutes, policy.password_length) == (7, 60, 16)
        assert policy.networks == ["127.0.0.0/8", "2001:db8::/32"]
        assert not policy.needs_second_factor
        rep.refresh_from_db()
        assert rep.needs_second_factor
        told = Event.objects.get(name="login_policy.updated").payload
        assert "networks" in told["fields"]
        assert "127.0.0" not in str(told)

    def test_it_asks_first_who_it_is(self, alice, acme):
        visitor = Visitor(acme)
        visitor.force_login(alice, is_proven=False)

        with nothing_written(LoginPolicy, Event):
            assert visitor.get(PAGE).url.startswith("/reauthenticate/?next=")
            assert visitor.post(PAGE, FORM).url.startswith("/reauthenticate/?next=")

    def test_so_does_making_a_key(self, bob, acme):
        visitor = Visitor(acme)
        visitor.force_login(bob, is_proven=False)
        assert visitor.get("/settings/api-keys/").status_code == 200

        with nothing_written(ApiKey, Event):
            asked = visitor.post("/settings/api-keys/", {"name": "mine"})
        assert asked.url == "/reauthenticate/?next=%2Fsettings%2Fapi-keys%2F"
        prove(visitor)
        visitor.post("/settings/api-keys/", {"name": "mine", "extent": "everything"})
        assert ApiKey.objects.get().name == "mine"

    def test_others_may_not(self, bob, carol, as_member):
        with nothing_written(LoginPolicy, Event, Role):
            for member in (bob, carol):
                assert prove(as_member(member)).post(PAGE, FORM).status_code == 403
                with pytest.raises(PermissionDenied):
                    change(member, grace_days=0)
                with pytest.raises(PermissionDenied):
                    require_second_factor(set(), actor=member.as_actor(), at=now())

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("password_length", "11"),
            ("password_length", "65"),
            ("grace_days", "91"),
            ("idle_minutes", "1"),
            ("lasting_hours", "99999"),
        ],
    )
    def test_bounds_hold(self, alice, as_member, field, value):
        with nothing_written(LoginPolicy, Event):
            response = prove(as_member(alice)).post(PAGE, {**FORM, field: value})
            assert response.status_code == 422

    def test_every_wrong_network_is_named_at_once(self, alice, as_member):
        wrong = {**FORM, "networks": "300.1.1.1\noffice", "password_length": "3"}

        page = unescape(prove(as_member(alice)).post(PAGE, wrong).content.decode())

        assert "“300.1.1.1” is not an address" in page
        assert "“office” is not an address" in page
        assert "greater than or equal to 12" in page

    def test_next_door_nothing_changes(self, overdue, eve, as_member, globex):
        assert inside(globex, LoginPolicy.objects.count) == 0
        assert is_in(as_member(eve))


class TestPasswords:
    def test_the_shortest_password_is_the_workspaces(self, alice, bob, acme):
        change(alice, password_length=20)
        visitor = Visitor(acme)
        log_in(visitor, "bob@acme.test")

        def to(new):
            fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
            return visitor.post("/password/change/", fields)

        with nothing_written(Authenticator):
            short = to("nineteen characters")
        assert "at least 20 characters" in short.content.decode()
        assert "At least 20 characters." in visitor.get("/password/change/").content.decode()
        assert log_in(Visitor(acme), "bob@acme.test").url == "/"
        assert to("twenty-one characters").status_code == 302

    @pytest.mark.parametrize(
        "weak",
        [
            "passwordpassword",
            "password2026!!",
            "P@ssw0rd-2026!",
            "qwertyuiop12",
            "123456123456",
            "...Acme...2026",
            "Atrium-2026-2026",
            "iloveyou iloveyou",
        ],
    )
    def test_none_that_leaked_even_dressed_up(self, bob, weak):
        with pytest.raises(ValidationError) as refusal:
            validate_password(weak, bob)
        assert "password_too_common" in {each.code for each in refusal.value.error_list}

    @pytest.mark.parametrize(
        "good",
        [
            PASSWORD,
            "a sentence nobody guesses",
            "今天的天气真不错啊我们去公园",
            "x" * 5 + "Acme kite 7",
        ],
    )
    def test_whatever_else_is_long_is_welcome(self, bob, good):
        validate_password(good, bob)
