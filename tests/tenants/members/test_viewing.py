"""Who may, looks at the workspace as another member: sees what they see, changes nothing, and it is noted."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from core.access import authorize
from core.events.models import Event
from core.isolation.rows import WorkspaceModel
from core.permissions import permissions
from crm.customers.operations.contacts import create_contact
from tenants.members.models import Role, User, Viewing
from tenants.members.operations.leaving import deactivate_member
from tenants.members.operations.roles import change_role
from tenants.members.operations.viewing import (
    NothingToView,
    actor_seen,
    begin_viewing,
    end_viewings,
    may_view_as,
)
from tests.conftest import PASSWORD, nothing_written

VIEW = "customers.view_contact"


def recently(visitor):
    """Let the visitor say once more who they are."""
    visitor.post("/reauthenticate/", {"password": PASSWORD, "next": "/"})
    return visitor


@pytest.fixture
def theirs(alice, bob):
    """A contact of Alice's that Bob does not see, and one of his own."""
    create_contact(actor=alice.as_actor(), family_name="Alicesown")
    return create_contact(actor=bob.as_actor(), family_name="Bobsown")


@pytest.fixture
def looking(as_member, alice, bob, theirs):
    """Alice, who looks as Bob."""
    visitor = recently(as_member(alice))
    visitor.post(f"/settings/members/{bob.pk}/view-as/")
    return visitor


def test_they_see_what_the_member_sees(looking, as_member, bob):
    for place in ("/contacts/", "/api/v1/contacts/"):
        seen = looking.get(place).content.decode()
        assert "Bobsown" in seen
        assert "Alicesown" not in seen
    page = looking.get("/").content.decode()
    assert "You see what Bob Reed sees" in page


def test_until_they_end_it(looking, bob):
    answer = looking.post("/settings/view-as/end/")

    assert answer.url == f"/settings/members/{bob.pk}/"
    assert "Alicesown" in looking.get("/contacts/").content.decode()
    assert Viewing.objects.get().ended_at is not None


def test_they_change_nothing(looking, theirs, bob):
    tables = [each for each in apps.get_models() if issubclass(each, WorkspaceModel)]
    kept = [each for each in tables if each._meta.label not in ("members.Session",)]
    with nothing_written(*kept):
        answers = [
            looking.post("/contacts/new/", {"family_name": "New"}),
            looking.post(f"/contacts/{theirs.pk}/edit/", {"family_name": "Other"}),
            looking.post(f"/contacts/{theirs.pk}/delete/"),
            looking.post("/settings/profile/", {"given_name": "Mallory"}),
            looking.post("/settings/preferences/", {"language": "en"}),
            looking.post("/api/v1/contacts/", "{}", content_type="application/json"),
            looking.delete(f"/api/v1/contacts/{theirs.pk}/"),
        ]
    assert {answer.status_code for answer in answers} == {403}
    assert answers[-1].json()["code"] == "only_looking"


def test_looking_leaves_no_trace_among_what_the_member_did(looking, theirs):
    tables = [each for each in apps.get_models() if issubclass(each, WorkspaceModel)]
    kept = [each for each in tables if each._meta.label not in ("members.Session",)]
    with nothing_written(*kept):
        for place in (
            "/",
            "/contacts/",
            f"/contacts/{theirs.pk}/",
            "/companies/",
            "/search/?q=Bob",
            "/notifications/",
            "/settings/",
        ):
            assert looking.get(place, follow=True).status_code == 200


def test_what_looking_does_not_stop_operations_do(looking, bob):
    actor = replace(bob.as_actor(), viewer=bob.pk)

    for each in permissions():
        if each.name in actor.permissions and each.verb != "view":
            with pytest.raises(PermissionDenied):
                authorize(actor, each.name)
    authorize(actor, VIEW)


def test_it_is_noted_and_shown(looking, as_member, alice, bob):
    viewing = Viewing.objects.get()
    assert (viewing.viewer_id, viewing.member_id) == (alice.pk, bob.pk)
    told = Event.objects.get(name="member.viewed_as")
    assert (told.actor_id, told.subject_id) == (alice.pk, bob.pk)

    looking.post("/settings/view-as/end/")

    assert Event.objects.get(name="member.view_ended").actor_id == alice.pk
    page = as_member(alice).get(f"/settings/members/{bob.pk}/").content.decode()
    assert "viewed as this member" in page


def test_it_is_over_by_itself(alice, bob):
    at = now()
    viewing = begin_viewing(bob, actor=alice.as_actor(), at=at)

    assert actor_seen(str(viewing.pk), alice, at=at + timedelta(minutes=29)) is not None
    assert actor_seen(str(viewing.pk), alice, at=at + timedelta(minutes=30)) is None


def test_it_is_over_when_either_may_no_more(alice, bob, carol):
    admin = change_role(carol, Role.objects.get(key="admin"), actor=alice.as_actor())
    admin = User.objects.select_related("role").get(pk=admin.pk)
    viewing = begin_viewing(bob, actor=admin.as_actor(), at=now())
    assert actor_seen(str(viewing.pk), admin, at=now()) is not None

    viewer = change_role(admin, Role.objects.get(key="viewer"), actor=alice.as_actor())
    assert actor_seen(str(viewing.pk), viewer, at=now()) is None

    change_role(viewer, Role.objects.get(key="admin"), actor=alice.as_actor())
    again = User.objects.select_related("role").get(pk=admin.pk)
    deactivate_member(bob, successor=None, actor=alice.as_actor())
    assert actor_seen(str(viewing.pk), again, at=now()) is None


def test_nobody_else_looks_with_the_same_viewing(alice, bob, carol):
    viewing = begin_viewing(bob, actor=alice.as_actor(), at=now())

    assert actor_seen(str(viewing.pk), carol, at=now()) is None


def test_nobody_looks_as_themselves_or_as_who_sees_more(alice, bob, carol):
    for role, permission in (("rep", VIEW), ("viewer", None)):
        role = Role.objects.get(key=role)
        role.grants = ["members.view_as", *([f"{permission}:own"] if permission else [])]
        role.save()
    bob, carol = (User.objects.select_related("role").get(pk=each.pk) for each in (bob, carol))
    other = User.objects.select_related("role").get(pk=alice.pk)

    with nothing_written(Viewing, Event):
        for member, viewer in ((alice, alice), (alice, bob), (bob, carol), (other, carol)):
            with pytest.raises(NothingToView):
                begin_viewing(member, actor=viewer.as_actor(), at=now())


def test_own_records_of_another_are_not_ones_own(alice, bob, carol):
    """Two whose roles are the same, each over their own records, do not look as each other."""
    role = Role.objects.get(key="rep")
    role.grants = ["members.view_as", f"{VIEW}:own"]
    role.save()
    change_role(carol, role, actor=alice.as_actor())
    bob, carol = (User.objects.select_related("role").get(pk=each.pk) for each in (bob, carol))

    with nothing_written(Viewing), pytest.raises(NothingToView):
        begin_viewing(carol, actor=bob.as_actor(), at=now())


def test_without_the_right_nobody_looks(as_member, alice, bob, carol):
    visitor = recently(as_member(bob))
    with nothing_written(Viewing, Event):
        assert visitor.post(f"/settings/members/{carol.pk}/view-as/").status_code == 403
        with pytest.raises(PermissionDenied):
            begin_viewing(carol, actor=bob.as_actor(), at=now())


def test_whoever_looks_does_not_look_further(alice, bob, carol):
    begin_viewing(bob, actor=alice.as_actor(), at=now())
    actor = replace(alice.as_actor(), viewer=carol.pk)

    with pytest.raises((PermissionDenied, NothingToView)):
        begin_viewing(bob, actor=actor, at=now())


def test_a_second_viewing_ends_the_first(alice, bob, carol):
    first = begin_viewing(bob, actor=alice.as_actor(), at=now())
    begin_viewing(carol, actor=alice.as_actor(), at=now())

    assert actor_seen(str(first.pk), alice, at=now()) is None


def test_ending_twice_ends_once(alice, bob):
    begin_viewing(bob, actor=alice.as_actor(), at=now())
    end_viewings(actor=alice.as_actor(), at=now())

    with nothing_written(Viewing, Event):
        end_viewings(actor=alice.as_actor(), at=now())


def test_the_page_offers_it_where_it_is_allowed(as_member, alice, bob):
    visitor = as_member(alice)
    for member, offered in ((bob, True), (alice, False)):
        page = visitor.get(f"/settings/members/{member.pk}/").content.decode()
        assert (f"View as {member.name}" in page) is offered
        assert may_view_as(member, actor=alice.as_actor()) is offered


def test_it_asks_for_a_recent_login(as_member, alice, bob, monkeypatch):
    visitor = as_member(alice)
    later = time.time() + 3600
    monkeypatch.setattr("allauth.account.internal.flows.reauthentication.time.time", lambda: later)

    with nothing_written(Viewing):
        answer = visitor.post(f"/settings/members/{bob.pk}/view-as/")

    assert answer.status_code == 302
    assert answer.url.startswith("/reauthenticate/")
