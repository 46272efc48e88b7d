import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import now

from billing import entitlements
from core.events.models import Event
from core.isolation.scope import control_plane
from tenants.members.directory import workspaces_of
from tenants.members.models import Invitation, Role, Team, TeamMembership, User
from tenants.members.operations.invitations import forget_old_invitations
from tenants.members.pasted import read_addresses
from tests.conftest import Visitor, make_member, nothing_written

INVITE = "/settings/members/invite/"

JOINING = {"given_name": "Dora", "family_name": "Diaz", "password": "a sentence nobody guesses"}


@pytest.fixture
def invite(as_member, alice, work):
    """Invite on the page, and let the mails go out."""

    def post(member=alice, emails="dora@acme.test", role=Role.Key.REP, teams=()):
        fields = {
            "emails": emails,
            "role": Role.objects.get(key=role).pk,
            "teams": [team.pk for team in teams],
        }
        response = as_member(member).post(INVITE, fields)
        work()
        return response

    return post


@pytest.fixture
def press(as_member, alice, work):
    """Press a button beside an invitation."""

    def post(action, member=alice):
        invitation = Invitation.objects.get(email="dora@acme.test")
        response = as_member(member).post(
            f"/settings/members/invitations/{invitation.pk}/{action}/"
        )
        work()
        return response

    return post


def link():
    return re.search(r"http://acme\.localhost:8000(/join/\S+)", mail.outbox[-1].body)[1]


def outcomes(response):
    return {each.pasted.written: each.outcome.value for each in response.context["results"]}


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


def test_only_the_hash_of_a_link_is_kept(invite):
    invite()

    secret = link().strip("/").rpartition("/")[2]
    assert secret not in str(list(Invitation.objects.values()))
    assert secret not in str(list(Event.objects.values()))


def test_a_revoked_invitation_does_not_work(invite, press, acme):
    invite()
    press("revoke")

    assert Visitor(acme).post(link(), JOINING).status_code == 410
    assert press("resend").status_code == 410


def test_an_invitation_sent_anew_ends_the_link_before(invite, press, acme):
    invite()
    first = link()
    Invitation.objects.update(expires_at=now() - timedelta(days=1))

    press("resend")

    assert link() != first
    assert Visitor(acme).get(first).status_code == 410
    assert Visitor(acme).get(link()).status_code == 200


def test_somebody_invited_already_keeps_their_invitation(invite, acme):
    invite()
    first = link()

    response = invite(emails="Dora@ACME.test")

    assert outcomes(response) == {"Dora@ACME.test": "open"}
    assert len(mail.outbox) == 1
    assert Visitor(acme).get(first).status_code == 200


def test_an_invitation_that_ran_out_makes_room_for_another(invite, acme):
    invite()
    Invitation.objects.update(expires_at=now() - timedelta(days=1))

    assert invite().status_code == 302
    assert Visitor(acme).get(link()).status_code == 200


def test_an_invitation_is_forgotten_a_month_after_it_ended(invite):
    invite()
    ended = Invitation.objects.get().expires_at

    assert forget_old_invitations(at=ended + timedelta(days=30)) == 0
    assert forget_old_invitations(at=ended + timedelta(days=31)) == 1


def test_an_invitation_is_worth_nothing_next_door(invite, globex):
    invite()

    assert Visitor(globex).post(link(), JOINING).status_code == 410


def test_only_those_who_may_invite_can(invite, press, bob, carol):
    invite()
    mail.outbox.clear()
    with nothing_written(Invitation, Event):
        for member in (bob, carol):
            assert invite(member, emails="eva@acme.test").status_code == 403
            assert press("resend", member).status_code == 403
            assert press("revoke", member).status_code == 403
    assert mail.outbox == []


def test_a_list_is_read_address_by_address_and_nothing_of_it_is_lost(invite, bob, carol):
    User.objects.filter(pk=carol.pk).update(is_active=False)
    written = (
        'Dora Diaz <dora@acme.test>, "Ek, Eva" <eva@acme.test>\n'
        "ALICE@acme.test; carol@acme.test\nnobody at all, dora@acme.test"
    )

    response = invite(emails=written)

    assert outcomes(response) == {
        "Dora Diaz <dora@acme.test>": "invited",
        '"Ek, Eva" <eva@acme.test>': "invited",
        "ALICE@acme.test": "member",
        "carol@acme.test": "deactivated",
        "nobody at all": "no_address",
    }
    assert {message.to[0] for message in mail.outbox} == {"dora@acme.test", "eva@acme.test"}
    form = response.context["form"]
    assert form["emails"].value() == "nobody at all"


@pytest.mark.parametrize(
    ("text", "emails"),
    [
        ("a@b.org, c@d.org;e@f.org，g@h.cn、i@j.cn", "a@b.org c@d.org e@f.org g@h.cn i@j.cn"),
        ("a@b.org\tc@d.org\r\n\r\ne@f.org g@h.org", "a@b.org c@d.org e@f.org g@h.org"),
        ("Doe, Jane <jane@x.org>; Roe, R. <r@x.org>", "jane@x.org r@x.org"),
        ("李雷 <li@y.cn>\nmailto:k@x.org.", "li@y.cn k@x.org"),
        ("A@b.org, a@B.org", "A@b.org"),
        (", ;\n ", ""),
    ],
)
def test_lists_are_read_as_people_paste_them(text, emails):
    assert [each.email for each in read_addresses(text)] == emails.split()


@pytest.mark.parametrize("text", ["<" * 20_000, '"' * 20_000, "a@" * 10_000, "<a@b.c>" * 2_000])
def test_no_list_takes_long_to_read(text):
    begun = now()

    read_addresses(text)

    assert now() - begun < timedelta(seconds=5)


def test_a_form_with_a_mistake_keeps_what_was_written(as_member, alice):
    response = as_member(alice).post(INVITE, {"emails": "dora@acme.test", "role": "none"})

    assert response.status_code == 422
    assert b"dora@acme.test" in response.content
    assert not Invitation.objects.exists()


def test_who_accepts_comes_into_the_teams_that_are_still_there(invite, acme):
    north, south = (Team.objects.create(name=name) for name in ("North", "South"))
    invite(teams=[north, south])
    south.delete()

    Visitor(acme).post(link(), JOINING)

    assert list(TeamMembership.objects.values_list("user__email", "team__name")) == [
        ("dora@acme.test", "North")
    ]


def test_nobody_gives_more_than_they_have(invite, as_member):
    manager = Role.objects.create(name="People", grants=["members.manage_members"])
    dan = make_member("dan@acme.test", Role.Key.REP)
    User.objects.filter(pk=dan.pk).update(role=manager)
    north = Team.objects.create(name="North")

    with nothing_written(Invitation, Event):
        assert invite(dan, role=Role.Key.ADMIN).status_code == 422
        assert invite(dan, role=Role.Key.REP).status_code == 422
    fields = {"emails": "dora@acme.test", "role": manager.pk, "teams": [north.pk]}
    assert as_member(dan).post(INVITE, fields).status_code == 302
    assert Invitation.objects.get().team_ids == []


def test_seats_are_taken_by_members_and_open_invitations(
    invite, press, acme, as_member, alice, bob
):
    with entitlements.answered_by(lambda name: 4):
        response = invite(emails="dora@acme.test, eva@acme.test, finn@acme.test")
        assert outcomes(response) == {
            "dora@acme.test": "invited",
            "eva@acme.test": "invited",
            "finn@acme.test": "no_seat",
        }
        page = as_member(alice).get("/settings/members/")
        assert b"4 of 4 seats" in page.content
        press("revoke")
        assert invite(emails="finn@acme.test").status_code == 302
        assert Visitor(acme).post(link(), JOINING).status_code == 302
        with nothing_written(Invitation):
            assert outcomes(invite(emails="gina@acme.test")) == {"gina@acme.test": "no_seat"}


def test_a_seat_that_is_gone_is_not_taken_by_an_old_invitation(invite, acme, bob):
    invite()

    with entitlements.answered_by(lambda name: 2), nothing_written(User):
        assert Visitor(acme).post(link(), JOINING).status_code == 402


def test_without_a_plan_seats_have_no_end():
    assert entitlements.seats() is None


def test_a_weak_password_is_refused_at_its_field(invite, acme):
    invite()

    response = Visitor(acme).post(link(), {**JOINING, "password": "dora@acme.test"})

    assert response.status_code == 422
    assert b"too similar" in response.content
    assert not User.objects.filter(email="dora@acme.test").exists()


@pytest.mark.parametrize("credential", ["{}", "[]", '{"id": "x", "response": {}}', "nonsense"])
def test_a_passkey_that_is_none_lets_nobody_in(invite, acme, credential):
    invite()
    visitor = Visitor(acme)
    visitor.get(link())

    with nothing_written(User, Invitation):
        response = visitor.post(link(), {**JOINING, "password": "", "credential": credential})

    assert response.status_code == 422


def test_an_untouched_form_carries_no_passkey(invite, acme):
    invite()
    page = Visitor(acme).get(link()).content.decode()

    assert re.search(r'<input type="hidden" name="credential"(?![^>]*value=)', page)
    assert Visitor(acme).post(link(), {**JOINING, "credential": ""}).url == "/"


def test_without_a_passkey_a_password_is_needed(invite, acme):
    invite()

    with nothing_written(User):
        assert Visitor(acme).post(link(), {**JOINING, "password": ""}).status_code == 422


def test_who_has_no_password_can_set_one(as_member, bob):
    bob.set_unusable_password()
    bob.save(update_fields=["password"])
    new = "a sentence nobody guesses"
    visitor = as_member(bob)
    assert visitor.get("/password/change/").url == "/password/set/"
    assert b"So far you sign in without one" in visitor.get("/password/set/").content

    visitor.post("/password/set/", {"password1": new, "password2": new})

    assert User.objects.get(pk=bob.pk).check_password(new)


def test_revoking_is_asked_about(as_member, alice, bob):
    invitation = Invitation.objects.create(
        email="ina@acme.test",
        role=bob.role,
        token_hash="x",
        created_at=now(),
        expires_at=now() + timedelta(days=7),
    )
    page = as_member(alice).get("/settings/members/invitations/").content.decode()

    assert f'data-opens="revoke-{invitation.pk}"' in page
    assert "Revoke the invitation of ina@acme.test?" in page
