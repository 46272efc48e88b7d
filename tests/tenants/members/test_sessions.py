"""Sessions end when the workspace says so, when their member says so, and when a log-in changes."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from core.events.models import Event
from tenants.members.models import KnownBrowser, LoginPolicy, Session, User
from tenants.members.operations.sessions import (
    end_session,
    end_sessions,
    forget_ended_sessions,
    recognise_browser,
)
from tests.conftest import Visitor, inside, nothing_written
from tests.tenants.members.test_log_in import is_in, log_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def at_home(bob, acme):
    visitor = Visitor(acme, HTTP_USER_AGENT=FIREFOX)
    log_in(visitor, "bob@acme.test")
    return visitor


def aged(**ago):
    """Let sessions have been used, and begun, that long ago."""
    Session.objects.update(**{name: now() - value for name, value in ago.items()})


class TestLifetime:
    @pytest.fixture
    def strict(self, acme):
        LoginPolicy.objects.create(idle_minutes=60, lasting_hours=12)

    def test_unused_it_ends(self, strict, at_home):
        aged(last_seen_at=timedelta(minutes=59), created_at=timedelta(hours=2))
        assert is_in(at_home)
        aged(last_seen_at=timedelta(minutes=66), created_at=timedelta(hours=2))

        assert not is_in(at_home)

    def test_in_use_it_ends_all_the_same_some_day(self, strict, at_home):
        aged(created_at=timedelta(hours=11))
        assert is_in(at_home)
        aged(created_at=timedelta(hours=12))

        assert not is_in(at_home)

    def test_the_api_knows_it_no_more_either(self, strict, at_home):
        aged(created_at=timedelta(hours=12))

        assert at_home.get("/api/v1/contacts/").status_code == 401

    def test_a_strangers_is_kept_for_a_day(self, bob, acme):
        Visitor(acme).post("/login/code/", {"email": "bob@acme.test"})

        assert Session.objects.get().expire_date <= now() + timedelta(days=1)

    def test_as_shipped_it_lasts_two_weeks_unused(self, at_home):
        aged(last_seen_at=timedelta(days=13), created_at=timedelta(days=20))
        assert is_in(at_home)
        aged(last_seen_at=timedelta(days=15), created_at=timedelta(days=20))

        assert not is_in(at_home)


class TestUse:
    def test_the_last_use_is_noted_not_only_the_log_in(self, at_home):
        aged(last_seen_at=timedelta(hours=3))

        at_home.get("/contacts/")

        session = Session.objects.get(user__isnull=False)
        assert now() - session.last_seen_at < timedelta(minutes=1)
        assert (session.user_agent, session.ip) == (FIREFOX, "127.0.0.1")

    def test_it_is_noted_every_few_minutes_at_most(self, at_home):
        at_home.get("/contacts/")

        with nothing_written(Session):
            at_home.get("/contacts/")

    def test_one_statement_tells_who_is_asking(self, at_home):
        at_home.get("/settings/profile/")
        with CaptureQueriesContext(connection) as captured:
            at_home.get("/settings/profile/")

        asked = [query["sql"] for query in captured.captured_queries]
        assert len([sql for sql in asked if "members_session" in sql]) == 1
        assert len([sql for sql in asked if "members_loginpolicy" in sql]) == 1
        assert len([sql for sql in asked if 'JOIN "members_role"' in sql]) == 1


class TestEnding:
    def test_one_is_ended(self, at_home, bob, acme):
        elsewhere = Visitor(acme)
        log_in(elsewhere, "bob@acme.test")
        other = Session.objects.get(session_key=elsewhere.session.session_key)

        at_home.post(f"/settings/sessions/{other.pk}/end/")

        assert is_in(at_home)
        assert not is_in(elsewhere)

    def test_nobody_ends_anothers(self, at_home, bob, alice, as_member):
        session = Session.objects.get(user=bob)

        assert as_member(alice).post(f"/settings/sessions/{session.pk}/end/").status_code == 404
        assert not end_session(session.pk, actor=alice.as_actor())

        assert is_in(at_home)

    def test_the_list_tells_no_place(self, at_home):
        page = at_home.get("/settings/sessions/").content.decode()

        assert "Firefox, Linux" in page
        assert "127.0.0.1" not in page

    def test_all_end_at_once(self, at_home, bob):
        assert end_sessions(bob) == 1

        assert not is_in(at_home)

    def test_at_night_what_is_over_is_forgotten(self, at_home, acme):
        Visitor(acme).post("/login/code/", {"email": "bob@acme.test"})
        assert forget_ended_sessions(at=now()) == 0

        assert forget_ended_sessions(at=now() + timedelta(days=90)) == 2
        assert not is_in(at_home)


class TestNewBrowser:
    def test_the_first_one_ever_is_no_news(self, at_home):
        assert mail.outbox == []
        assert KnownBrowser.objects.count() == 1

    def test_another_one_is(self, at_home, bob, acme):
        other = Visitor(acme, HTTP_USER_AGENT=FIREFOX)
        log_in(other, "bob@acme.test")

        assert mail.outbox[-1].to == ["bob@acme.test"]
        assert "Firefox, Linux has just signed in to Acme" in mail.outbox[-1].body
        assert Event.objects.get(name="member.browser_added").payload == {}

    def test_one_that_was_here_before_is_not(self, at_home, bob):
        at_home.post("/logout/")
        log_in(at_home, "bob@acme.test")

        assert mail.outbox == []
        assert KnownBrowser.objects.count() == 1

    def test_it_is_told_in_the_members_language(self, at_home, bob, acme):
        User.objects.filter(pk=bob.pk).update(language="zh-hans")

        log_in(Visitor(acme), "bob@acme.test")

        assert "新" in mail.outbox[-1].subject

    def test_the_secret_of_a_browser_opens_nothing(self, at_home, acme, globex):
        thief = Visitor(acme)
        thief.cookies["__Host-browser"] = at_home.cookies["__Host-browser"].value

        assert not is_in(thief)
        assert inside(globex, KnownBrowser.objects.count) == 0

    def test_a_made_up_secret_is_one_more_unknown_browser(self, bob):
        recognise_browser(bob, secret="x", user_agent="", actor=bob.as_actor())
        recognise_browser(bob, secret="y", user_agent="", actor=bob.as_actor())

        assert len(mail.outbox) == 1
