"""Who manages members ends their sessions, one or all, and they hear of it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.events.models import Event
from tenants.members.giving import RightsExceeded
from tenants.members.models import Role, Session, User
from tenants.members.operations.member_sessions import (
    YourOwnSessions,
    end_member_session,
    end_member_sessions,
)
from tests.conftest import Visitor, inside, make_member, nothing_written
from tests.tenants.members.test_log_in import is_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PLACE = "203.0.113.77"


def page_of(member, session=None):
    one = f"{session.pk}/" if session else ""
    return f"/settings/members/{member.pk}/sessions/{one}end/"


def api_of(member, session=None):
    return f"/api/v1/members/{member.pk}/sessions/{session.pk if session else 'end'}/"


def at_work(member, acme, *, count=1):
    """Return browsers the member is signed in with."""
    visitors = [Visitor(acme) for _number in range(count)]
    for visitor in visitors:
        visitor.force_login(member)
    Session.objects.filter(user=member).update(user_agent=FIREFOX, ip=PLACE)
    return visitors


@pytest.fixture(params=["page", "api"])
def end(request, as_member):
    """End one or all sessions of a member, as another one does; return the answer."""

    def ask(by, member, session=None):
        visitor = by if isinstance(by, Visitor) else as_member(by)
        if request.param == "page":
            return visitor.post(page_of(member, session))
        how = visitor.delete if session else visitor.post
        return how(api_of(member, session))

    return ask


def test_all_end_at_once(end, alice, bob, carol, acme):
    visitors, [other] = at_work(bob, acme, count=2), at_work(carol, acme)

    assert end(alice, bob).status_code in (200, 302)

    assert not any(is_in(each) for each in visitors)
    assert is_in(other)
    assert visitors[0].get("/api/v1/contacts/").status_code == 401


def test_one_ends_and_the_others_go_on(end, alice, bob, acme):
    here, there = at_work(bob, acme, count=2)
    ended = Session.objects.get(session_key=there.session.session_key)

    assert end(alice, bob, ended).status_code in (204, 302)

    assert is_in(here)
    assert not is_in(there)
    assert end(alice, bob, ended).status_code == 404


def test_they_are_told_and_it_is_noted_who_did_it(end, alice, bob, acme):
    at_work(bob, acme, count=2)
    mail.outbox.clear()

    end(alice, bob)

    assert [each.to for each in mail.outbox] == [["bob@acme.test"]]
    assert "An admin of Acme has just signed you out in 2 browsers." in mail.outbox[0].body
    told = Event.objects.get(name="member.sessions_ended")
    assert (told.subject_id, told.payload) == (bob.pk, {"count": 2})
    assert told.actor_id == alice.pk


def test_in_their_own_language(end, alice, bob, acme):
    User.objects.filter(pk=bob.pk).update(language="zh-hans")
    at_work(bob, acme)

    end(alice, bob, Session.objects.get(user=bob))

    assert "注销" in mail.outbox[-1].body or "退出" in mail.outbox[-1].body


def test_nobody_ends_their_own_this_way(end, alice, acme):
    [other] = at_work(alice, acme)
    session = Session.objects.get(user=alice)

    with nothing_written(Event):
        assert end(alice, alice).status_code == 409
        assert end(alice, alice, session).status_code == 409
        with pytest.raises(YourOwnSessions):
            end_member_sessions(alice, actor=alice.as_actor())
    assert is_in(other)


def test_nor_those_of_an_owner_without_being_one(end, alice, acme):
    [owners] = at_work(alice, acme)
    dora, session = make_member("dora@acme.test", Role.Key.ADMIN), Session.objects.get(user=alice)

    with nothing_written(Event):
        assert end(dora, alice).status_code == 403
        assert end(dora, alice, session).status_code == 403
        with pytest.raises(RightsExceeded):
            end_member_session(alice, session.pk, actor=dora.as_actor())
    assert is_in(owners)
    assert mail.outbox == []


def test_an_owner_ends_anothers(end, alice, acme):
    olga = make_member("olga@acme.test", Role.Key.OWNER)
    [visitor] = at_work(olga, acme)

    assert end(alice, olga).status_code in (200, 302)
    assert not is_in(visitor)


def test_nor_do_those_who_manage_nobody(end, bob, carol, acme):
    [visitor] = at_work(bob, acme)
    session = Session.objects.get(user=bob)

    with nothing_written(Event):
        assert end(carol, bob).status_code == 403
        assert end(carol, bob, session).status_code == 403
        with pytest.raises(PermissionDenied):
            end_member_sessions(bob, actor=carol.as_actor())
    assert is_in(visitor)


def test_nor_next_door(end, bob, eve, acme):
    [visitor] = at_work(bob, acme)

    with nothing_written(Event, Session):
        assert end(eve, bob).status_code == 404
        assert end(eve, bob, Session.objects.get(user=bob)).status_code == 404
    assert is_in(visitor)


def test_a_session_of_somebody_else_is_not_found_under_a_member(end, alice, bob, carol, acme):
    [hers] = at_work(carol, acme)

    with nothing_written(Event):
        assert end(alice, bob, Session.objects.get(user=carol)).status_code == 404
    assert is_in(hers)


def test_it_asks_first_who_it_is(end, alice, bob, acme):
    [his] = at_work(bob, acme)
    stale = Visitor(acme)
    stale.force_login(alice, is_proven=False)

    with nothing_written(Event):
        for answer in (end(stale, bob), end(stale, bob, Session.objects.get(user=bob))):
            is_led = answer.headers.get("Location", "").startswith("/reauthenticate/")
            assert is_led or answer.json()["code"] == "recent_login_needed"
    assert is_in(his)
    # Whoever comes back from there is where they began.
    back = Visitor(acme)
    back.force_login(alice)
    assert back.get(page_of(bob)).url == f"/settings/members/{bob.pk}/"


def test_without_any_nobody_is_told(end, alice, bob):
    with nothing_written(Event):
        assert end(alice, bob).status_code in (200, 302)
    assert mail.outbox == []


def test_a_key_does_it_too(program_of, alice, bob, acme):
    [visitor] = at_work(bob, acme)

    assert program_of(alice).send("post", api_of(bob), {}).json() == {"ended": 1}
    assert not is_in(visitor)


def test_a_twin_next_door_stays(alice, bob, acme, globex):
    def twin():
        member = make_member("bob@acme.test", "rep", id=bob.pk)
        until = now() + timedelta(days=1)
        Session.objects.create(session_key="theirs", user=member, expire_date=until)

    inside(globex, twin)
    at_work(bob, acme)

    assert end_member_sessions(bob, actor=alice.as_actor()) == 1
    assert inside(globex, lambda: Session.objects.filter(session_key="theirs").count()) == 1


class TestSeeing:
    def test_the_page_counts_them_and_tells_no_place(self, as_member, alice, bob, acme):
        at_work(bob, acme, count=2)
        page = as_member(alice).get(f"/settings/members/{bob.pk}/").content.decode()

        assert "Signed in with 2 browsers." in page
        assert page.count("Firefox, Linux") == 2
        assert PLACE not in page
        assert FIREFOX not in page

    def test_so_does_the_api(self, as_member, alice, bob, acme):
        [visitor] = at_work(bob, acme)
        answer = as_member(alice).get(f"/api/v1/members/{bob.pk}/sessions/")

        [row] = answer.json()["results"]
        assert row.keys() == {"id", "browser", "created_at", "last_seen_at"}
        assert row["browser"] == "Firefox, Linux"
        assert PLACE not in answer.content.decode()
        assert visitor.session.session_key not in answer.content.decode()

    def test_nobody_else_sees_them(self, as_member, alice, bob, carol, eve, acme):
        dora = make_member("dora@acme.test", Role.Key.ADMIN)
        for member in (alice, bob):
            at_work(member, acme)

        for by, member, status in ((carol, bob, 403), (dora, alice, 403), (eve, bob, 404)):
            answer = as_member(by).get(f"/api/v1/members/{member.pk}/sessions/")
            assert answer.status_code == status
        page = as_member(dora).get(f"/settings/members/{alice.pk}/").content.decode()
        assert "Firefox" not in page
        assert "Sign out everywhere" not in page
