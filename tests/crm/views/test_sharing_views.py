"""A saved view is shared with people and teams by name, to open and not to change."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.events.models import Event
from core.records.writing import RecordGone
from crm.views.models import SavedView, ViewShare
from crm.views.operations import create_view, end_view_share, pin_view, share_view_with
from crm.views.reading import views_of
from tenants.members.models import Team, TeamMembership
from tests.conftest import leave, nothing_written


@pytest.fixture
def view(alice):
    return create_view(actor=alice.as_actor(), record_type="company", name="Big", query="")


@pytest.fixture
def team(bob, carol):
    """A team Bob is in and Carol manages."""
    team = Team.objects.create(name="North", manager=carol)
    TeamMembership.objects.create(team=team, user=bob)
    return team


class Sharing:
    """The page and the endpoint by which views are shared."""

    def __init__(self, kind, as_member):
        self.kind, self.as_member = kind, as_member

    def share(self, by, view, **whom):
        [(kind, recipient)] = whom.items()
        if self.kind == "page":
            place = f"/views/{view.pk}/sharing/"
            return self.as_member(by).post(place, {"recipient": f"{kind}:{recipient.pk}"})
        place, body = f"/api/v1/views/{view.pk}/shares/", json.dumps({kind: str(recipient.pk)})
        return self.as_member(by).post(place, body, content_type="application/json")

    def end(self, member, share):
        visitor = self.as_member(member)
        if self.kind == "page":
            return visitor.post(f"/views/{share.view_id}/sharing/{share.pk}/end/")
        return visitor.delete(f"/api/v1/views/{share.view_id}/shares/{share.pk}/")


@pytest.fixture(params=["page", "api"])
def sharing(request, as_member):
    return Sharing(request.param, as_member)


def opens(member, view):
    """Whether the member has the view, by both ways of asking."""
    seen = SavedView.objects.visible_to(member.as_actor()).filter(pk=view.pk).exists()
    assert seen == (view in views_of(member.as_actor()))
    return seen


def test_a_member_has_what_is_shared_with_them(sharing, alice, bob, carol, view):
    assert sharing.share(alice, view, member=bob).status_code in (201, 302)

    assert opens(bob, view)
    assert not opens(carol, view)
    assert Event.objects.get(name="view.shared").payload["member"] == str(bob.pk)


def test_a_team_has_it_with_who_manages_it(sharing, alice, bob, carol, view, team):
    sharing.share(alice, view, team=team)

    assert opens(bob, view)
    assert opens(carol, view)
    TeamMembership.objects.all().delete()
    assert not opens(bob, view)


def test_it_stands_among_the_shared_ones(as_member, alice, bob, view):
    share_view_with(view, member=bob, actor=alice.as_actor())

    menu = as_member(bob).get(f"/companies/?view={view.pk}").context["views"]

    assert menu.current == view
    assert [(label, [line.view for line in lines]) for label, lines in menu.groups] == [
        ("Shared", [view])
    ]
    assert (menu.may_save, menu.may_share) == (False, False)


def test_it_is_theirs_to_pin_and_not_to_change(as_member, alice, bob, view):
    share_view_with(view, member=bob, actor=alice.as_actor())

    pin_view(view, actor=bob.as_actor())
    with nothing_written(SavedView):
        answer = as_member(bob).post(f"/views/{view.pk}/", {"action": "delete"})
    assert answer.status_code == 403


def test_what_is_taken_back_is_gone(sharing, alice, bob, view):
    share = share_view_with(view, member=bob, actor=alice.as_actor())

    assert sharing.end(alice, share).status_code in (204, 302)

    assert not opens(bob, view)


def test_shared_twice_is_shared_once(alice, bob, view):
    share_view_with(view, member=bob, actor=alice.as_actor())
    share_view_with(view, member=bob, actor=alice.as_actor())

    assert ViewShare.objects.count() == 1
    assert Event.objects.filter(name="view.shared").count() == 1


def test_nobody_shares_what_is_not_theirs_or_without_the_right(sharing, alice, bob, carol, view):
    share_view_with(view, member=bob, actor=alice.as_actor())
    own = create_view(actor=carol.as_actor(), record_type="company", name="Carol's")

    with nothing_written(ViewShare, Event):
        assert sharing.share(bob, view, member=carol).status_code == 403
        assert sharing.share(carol, view, member=bob).status_code == 404
        assert sharing.share(carol, own, member=bob).status_code == 403
        assert sharing.end(bob, ViewShare.objects.get()).status_code == 403


def test_it_is_shared_with_exactly_one_who_works_here(alice, bob, eve, view, team, sharing):
    with nothing_written(ViewShare, Event):
        for whom in ({}, {"member": bob, "team": team}):
            with pytest.raises(ValidationError):
                share_view_with(view, actor=alice.as_actor(), **whom)
        assert sharing.share(alice, view, member=eve).status_code in (400, 422)
        leave(bob)
        assert sharing.share(alice, view, member=bob).status_code in (400, 422)


def test_operations_ask_for_permission(alice, bob, carol, view):
    share = share_view_with(view, member=bob, actor=alice.as_actor())

    with nothing_written(ViewShare, Event):
        for actor, refusal in ((bob, PermissionDenied), (carol, RecordGone)):
            with pytest.raises(refusal):
                share_view_with(view, member=carol, actor=actor.as_actor())
            with pytest.raises(refusal):
                end_view_share(share, actor=actor.as_actor())


def test_the_page_tells_with_whom(as_member, alice, bob, view, team):
    share_view_with(view, member=bob, actor=alice.as_actor())
    share_view_with(view, team=team, actor=alice.as_actor())

    page = as_member(alice).get(f"/views/{view.pk}/sharing/").content.decode()

    assert "Bob Reed" in page
    assert "North" in page
    said = as_member(alice).get(f"/api/v1/views/{view.pk}/shares/").json()
    assert [(each["member"], each["team"]) for each in said] == [
        (str(bob.pk), None),
        (None, str(team.pk)),
    ]
