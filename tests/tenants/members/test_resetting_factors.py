"""Members who lost their second factors get in again by an admin, who gains nothing by it."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied

from core.events.models import Event
from tenants.members.giving import RightsExceeded
from tenants.members.models import Role, Session, User
from tenants.members.operations.factors import (
    YourOwnFactors,
    add_app,
    add_passkey,
    reset_factors,
)
from tests.conftest import Visitor, inside, make_member, nothing_written
from tests.tenants.members.test_log_in import is_in, log_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def protect(member):
    """Give a member an app, a passkey and recovery codes."""
    actor = member.as_actor()
    codes = add_app(member, secret=SECRET, keep="", actor=actor)
    add_passkey(member, name="Phone", credential={}, keep="", actor=actor)
    return codes


def page_of(member):
    return f"/settings/members/{member.pk}/reset-factors/"


def api_of(member):
    return f"/api/v1/members/{member.pk}/reset-factors/"


@pytest.fixture(params=["page", "api"])
def reset(request, as_member):
    """Reset a member's factors as another one does; return the answer."""

    def ask(by, member):
        url = page_of(member) if request.param == "page" else api_of(member)
        return as_member(by).post(url)

    return ask


def test_everything_goes_and_sessions_end(reset, alice, bob, acme, as_member):
    codes = protect(bob)
    visitor = as_member(bob)

    assert reset(alice, bob).status_code in (200, 302)

    assert not Authenticator.objects.filter(user=bob).exists()
    assert not is_in(visitor)
    assert log_in(Visitor(acme), "bob@acme.test").url == "/"
    assert len(codes) == 10


def test_they_are_told_and_it_is_noted_who_did_it(reset, alice, bob):
    protect(bob)
    mail.outbox.clear()

    reset(alice, bob)

    assert [each.to for each in mail.outbox] == [["bob@acme.test"]]
    assert "An admin of Acme has just removed" in mail.outbox[0].body
    told = Event.objects.filter(name="member.login_changed").order_by("pk").last()
    assert (told.subject_id, told.payload["change"]) == (bob.pk, "factors_reset")
    assert told.actor_id == alice.pk or told.actor_kind == "api_key"


def test_nobody_resets_their_own(reset, alice):
    protect(alice)

    with nothing_written(Authenticator, Event):
        assert reset(alice, alice).status_code == 409
        with pytest.raises(YourOwnFactors):
            reset_factors(alice, actor=alice.as_actor())


def test_nor_those_of_somebody_with_more_rights(reset, alice):
    protect(alice)
    dora = make_member("dora@acme.test", Role.Key.ADMIN)

    with nothing_written(Authenticator, Event):
        assert reset(dora, alice).status_code == 403
        with pytest.raises(RightsExceeded):
            reset_factors(alice, actor=dora.as_actor())


def test_nor_do_those_who_manage_nobody(reset, bob, carol):
    protect(bob)

    with nothing_written(Authenticator, Event):
        assert reset(carol, bob).status_code == 403
        with pytest.raises(PermissionDenied):
            reset_factors(bob, actor=carol.as_actor())


def test_nor_next_door(reset, bob, eve):
    protect(bob)

    with nothing_written(Authenticator, Event):
        assert reset(eve, bob).status_code == 404


def test_strangers_are_sent_away(bob, acme):
    protect(bob)

    with nothing_written(Authenticator, Event, User):
        assert Visitor(acme).post(page_of(bob)).url.startswith("/login/")
        assert Visitor(acme).post(api_of(bob)).status_code == 401


def test_it_asks_first_who_it_is(bob, alice, acme):
    protect(bob)
    visitor = Visitor(acme)
    visitor.force_login(alice, is_proven=False)

    with nothing_written(Authenticator, Event):
        assert visitor.get(page_of(bob)).url.startswith("/reauthenticate/")
        assert visitor.post(page_of(bob)).url.startswith("/reauthenticate/")
        refused = visitor.post(api_of(bob))
    assert (refused.status_code, refused.json()["code"]) == (403, "recent_login_needed")


def test_a_key_does_it_too(program_of, alice, bob):
    protect(bob)

    assert program_of(alice).send("post", api_of(bob), {}).status_code == 200
    assert not Authenticator.objects.exists()


def test_without_any_nothing_happens(reset, alice, bob, as_member):
    visitor = as_member(bob)

    with nothing_written(Authenticator, Event):
        assert reset(alice, bob).status_code in (200, 302)
    assert is_in(visitor)
    assert mail.outbox == []


def test_a_twin_next_door_keeps_theirs(alice, bob, globex):
    def twin():
        protect(make_member("bob@acme.test", "rep", id=bob.pk))

    inside(globex, twin)
    protect(bob)

    reset_factors(bob, actor=alice.as_actor())

    assert inside(globex, Authenticator.objects.count) == 3


def test_the_page_offers_it_where_it_helps(as_member, alice, bob, carol):
    protect(bob)
    visitor = as_member(alice)

    for member, is_offered in ((bob, True), (carol, False), (alice, False)):
        page = visitor.get(f"/settings/members/{member.pk}/").content.decode()
        assert ("Reset two-step verification" in page) is is_offered
    assert b"bob@acme.test" in visitor.get(page_of(bob)).content
    assert Session.objects.filter(user=alice).count() == 1
