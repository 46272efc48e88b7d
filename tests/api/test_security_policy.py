"""Sign-in policy, own sessions and own second factors through the API: what the settings do, and no more."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied

from api.keys.models import ApiKey
from core.events.models import Event
from tenants.members.models import LoginPolicy, Role, Session
from tenants.members.operations.factors import add_app, add_passkey
from tenants.members.operations.sessions import end_sessions_elsewhere
from tests.conftest import Visitor, nothing_written

POLICY, SESSIONS, FACTORS = (
    f"/api/v1/{each}/" for each in ("security-policy", "me/sessions", "me/factors")
)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def elsewhere(member, acme):
    """Return another browser in which the member is logged in."""
    visitor = Visitor(acme)
    visitor.force_login(member)
    Session.objects.filter(session_key=visitor.session.session_key).update(user_agent=FIREFOX)
    return visitor


class TestPolicy:
    def test_it_is_read_and_changed(self, program_of, alice):
        program, rep = program_of(alice), Role.objects.get(key="rep")
        assert program.get(POLICY).json()["password_length"] == 12
        change = {
            "needs_second_factor": True,
            "roles": [rep.pk],
            "grace_days": 90,
            "idle_minutes": 60,
            "networks": ["127.0.0.0/8"],
        }

        said = program.send("patch", POLICY, change).json()

        assert (said["needs_second_factor"], said["roles"]) == (True, [str(rep.pk)])
        assert (said["grace_days"], said["idle_minutes"]) == (90, 60)
        assert said["networks"] == ["127.0.0.0/8"]
        assert LoginPolicy.objects.get().needs_second_factor
        assert Role.objects.get(key="rep").needs_second_factor

    def test_what_is_left_out_stays(self, program_of, alice):
        program, rep = program_of(alice), Role.objects.get(key="rep")
        program.send("patch", POLICY, {"roles": [rep.pk], "grace_days": 9})

        said = program.send("patch", POLICY, {"password_length": 14}).json()

        assert (said["roles"], said["grace_days"]) == ([str(rep.pk)], 9)

    @pytest.mark.parametrize(
        "change",
        [
            {"networks": ["not one"]},
            {"password_length": 5},
            {"idle_minutes": 1},
            {"lasting_hours": 9},
            {"grace_days": -1},
            {"roles": ["00000000-0000-0000-0000-000000000000"]},
            {"second_factor_since": None},
        ],
    )
    def test_what_cannot_be_is_refused(self, program_of, alice, change):
        program = program_of(alice)

        with nothing_written(LoginPolicy, Role, Event):
            assert program.send("patch", POLICY, change).status_code == 400

    def test_nobody_shuts_themselves_out(self, program_of, alice):
        program = program_of(alice)

        with nothing_written(LoginPolicy, Event):
            answer = program.send("patch", POLICY, {"networks": ["203.0.113.0/24"]})
        assert (answer.status_code, answer.json()["code"]) == (409, "shuts_you_out")

    def test_others_neither_read_nor_change_it(self, program_of, bob, carol):
        for member in (bob, carol):
            program = program_of(member)
            with nothing_written(LoginPolicy, Role, Event):
                assert program.get(POLICY).status_code == 403
                assert program.send("patch", POLICY, {"grace_days": 0}).status_code == 403
                assert program.send("patch", POLICY, {"roles": []}).status_code == 403

    def test_a_session_says_first_who_it_is(self, alice, acme):
        visitor = Visitor(acme)
        visitor.force_login(alice, is_proven=False)

        with nothing_written(LoginPolicy, Event):
            answer = visitor.patch(POLICY, "{}", content_type="application/json")
        assert answer.json()["code"] == "recent_login_needed"
        assert visitor.get(POLICY).status_code == 200


class TestSessions:
    def test_ones_own_are_listed_without_place_or_key(self, as_member, alice, bob, acme):
        here, other = as_member(bob), elsewhere(bob, acme)
        as_member(alice)

        answer = here.get(SESSIONS)

        rows = answer.json()["results"]
        assert {(each["browser"], each["is_current"]) for each in rows} >= {
            ("Firefox, Linux", False)
        }
        assert [each["is_current"] for each in rows].count(True) == 1
        assert len(rows) == 2
        for hidden in ("127.0.0.1", here.session.session_key, other.session.session_key):
            assert hidden not in answer.content.decode()

    def test_one_is_ended(self, as_member, bob, acme):
        here, other = as_member(bob), elsewhere(bob, acme)
        ended = Session.objects.get(session_key=other.session.session_key)

        assert here.delete(f"{SESSIONS}{ended.pk}/").status_code == 204

        assert other.get(SESSIONS).status_code == 401
        assert here.get(SESSIONS).status_code == 200
        assert here.delete(f"{SESSIONS}{ended.pk}/").status_code == 404

    def test_all_others_are_ended(self, as_member, alice, bob, acme):
        here, admin = as_member(bob), as_member(alice)
        others = [elsewhere(bob, acme) for _number in range(2)]

        assert here.post(f"{SESSIONS}end-others/").json() == {"ended": 2}

        assert {each.get(SESSIONS).status_code for each in others} == {401}
        assert here.get(SESSIONS).status_code == admin.get(SESSIONS).status_code == 200

    def test_nobody_ends_anothers(self, as_member, alice, bob, acme):
        elsewhere(bob, acme)
        visitor, theirs = as_member(alice), Session.objects.get(user=bob)

        with nothing_written(Session):
            assert visitor.delete(f"{SESSIONS}{theirs.pk}/").status_code == 404

    def test_a_program_lists_but_ends_none(self, program_of, as_member, bob):
        as_member(bob)
        program, mine = program_of(bob), Session.objects.get()
        actor = ApiKey.objects.select_related("user__role").get().as_actor()

        assert [each["id"] for each in program.get(SESSIONS).json()["results"]] == [str(mine.pk)]
        with nothing_written(Session):
            assert program.delete(f"{SESSIONS}{mine.pk}/").status_code == 403
            assert program.send("post", f"{SESSIONS}end-others/", {}).status_code == 403
            with pytest.raises(PermissionDenied):
                end_sessions_elsewhere(keep="", actor=actor)

    def test_an_ended_session_is_not_listed(self, as_member, bob):
        visitor = as_member(bob)
        visitor.post("/logout/")

        assert visitor.get(SESSIONS).status_code == 401


class TestFactors:
    def test_they_are_listed_without_secrets(self, as_member, bob):
        actor = bob.as_actor()
        codes = add_app(bob, secret=SECRET, keep="", actor=actor)
        add_passkey(bob, name="Phone", credential={"id": "raw-id"}, keep="", actor=actor)

        answer = as_member(bob).get(FACTORS)

        rows = answer.json()["results"]
        assert {(each["kind"], each["name"], each["codes_left"]) for each in rows} == {
            ("app", "", None),
            ("recovery_codes", "", 10),
            ("passkey", "Phone", None),
        }
        stored = json.dumps([each.data for each in Authenticator.objects.all()])
        for hidden in (SECRET, "raw-id", *codes):
            assert hidden not in answer.content.decode()
        assert "Phone" in stored

    def test_nobody_elses(self, as_member, alice, bob):
        add_app(bob, secret=SECRET, keep="", actor=bob.as_actor())

        assert as_member(alice).get(FACTORS).json()["results"] == []
