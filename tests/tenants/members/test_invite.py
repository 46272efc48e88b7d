import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import now

from core.events.models import Event
from core.isolation.scope import control_plane
from tenants.members.directory import workspaces_of
from tenants.members.models import Invitation, Role, User
from tests.conftest import Visitor, nothing_written

JOINING = {"given_name": "Dora", "family_name": "Diaz", "password": "a sentence nobody guesses"}


@pytest.fixture
def invite(as_member, alice):
    def post(member=alice, email="dora@acme.test", role=Role.Key.REP):
        fields = {"email": email, "role": Role.objects.get(key=role).pk}
        return as_member(member).post("/settings/members/", fields)

    return post


def link():
    return re.search(r"http://acme\.localhost:8000(/join/\S+)", mail.outbox[-1].body)[1]


def test_an_invited_colleague_joins_with_the_role_and_is_logged_in(invite, acme):
    invite()
    visitor = Visitor(acme)

    assert visitor.post(link(), JOINING).url == "/"

    dora = User.objects.select_related("role").get(email="dora@acme.test")
    assert (dora.name, dora.role.key) == ("Dora Diaz", "rep")
    assert visitor.get("/settings/profile/").status_code == 200
    assert set(Event.objects.values_list("name", flat=True)) == {
        "invitation.created",
        "member.joined",
    }
    with control_plane("look the address up"):
        assert [tenant.name for tenant in workspaces_of("dora@acme.test")] == ["Acme"]


def test_an_invitation_works_once(invite, acme):
    invite()
    Visitor(acme).post(link(), JOINING)

    again = Visitor(acme).post(link(), JOINING)

    assert again.status_code == 410
    assert User.objects.filter(email="dora@acme.test").count() == 1


def test_an_invitation_works_for_seven_days(invite, acme):
    invite()
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))

    assert Visitor(acme).get(link()).status_code == 410


def test_a_revoked_invitation_does_not_work(invite, acme, as_member, alice):
    invite()
    invitation = Invitation.objects.get()
    as_member(alice).post(f"/settings/invitations/{invitation.pk}/revoke/")

    assert Visitor(acme).post(link(), JOINING).status_code == 410


def test_a_second_invitation_ends_the_first(invite, acme):
    invite()
    first = link()
    invite()

    assert Visitor(acme).get(first).status_code == 410
    assert Visitor(acme).get(link()).status_code == 200


def test_an_invitation_is_worth_nothing_next_door(invite, globex):
    invite()

    assert Visitor(globex).post(link(), JOINING).status_code == 410


def test_only_those_who_may_invite_can(invite, bob, carol):
    with nothing_written(Invitation, Event):
        assert invite(bob).status_code == 403
        assert invite(carol).status_code == 403
    assert mail.outbox == []


def test_a_member_cannot_be_invited_again(invite):
    response = invite(email="ALICE@acme.test")

    assert response.status_code == 422
    assert b"already has this e-mail address" in response.content
    assert not Invitation.objects.exists()


def test_a_weak_password_is_refused_at_its_field(invite, acme):
    invite()

    response = Visitor(acme).post(link(), {**JOINING, "password": "dora@acme.test"})

    assert response.status_code == 422
    assert b"too similar" in response.content
    assert not User.objects.filter(email="dora@acme.test").exists()
