"""Those who run a workspace change roles and teams and close log-ins on a member's page."""

import pytest

from core.events.models import Event
from crm.customers.operations.contacts import create_contact
from tenants.members.models import Role, Team, TeamMembership, User
from tests.conftest import make_member, nothing_written


def role(key):
    return Role.objects.get(key=key)


def test_role_and_teams_are_changed_together(as_member, alice, bob):
    north = Team.objects.create(name="North")
    visitor = as_member(alice)

    answer = visitor.post(
        f"/settings/members/{bob.pk}/", {"role": role("manager").pk, "teams": [north.pk]}
    )

    assert answer.status_code == 302
    assert User.objects.get(pk=bob.pk).role == role("manager")
    assert [each.team for each in bob.memberships.all()] == [north]


def test_a_member_is_deactivated_and_comes_back(as_member, alice, bob, carol):
    visitor = as_member(alice)

    visitor.post(f"/settings/members/{bob.pk}/deactivate/", {"successor": carol.pk})
    assert not User.objects.get(pk=bob.pk).is_active
    visitor.post(f"/settings/members/{bob.pk}/reactivate/")
    assert User.objects.get(pk=bob.pk).is_active


def test_a_successor_who_is_none_is_refused(as_member, alice, bob):
    with nothing_written(Event):
        as_member(alice).post(f"/settings/members/{bob.pk}/deactivate/", {"successor": bob.pk})

    assert User.objects.get(pk=bob.pk).is_active


def test_ownership_is_transferred(as_member, alice, bob):
    assert (
        b"Bob Reed will own Acme"
        in as_member(alice).get(f"/settings/members/{bob.pk}/own/").content
    )
    as_member(alice).post(f"/settings/members/{bob.pk}/own/")

    assert User.objects.get(pk=bob.pk).role.key == "owner"
    assert User.objects.get(pk=alice.pk).role.key == "admin"


def test_the_page_offers_only_what_one_may_do(as_member, alice, bob):
    dora = make_member("dora@acme.test", Role.Key.ADMIN)

    page = as_member(dora).get(f"/settings/members/{alice.pk}/").content.decode()
    own = as_member(alice).get(f"/settings/members/{alice.pk}/").content.decode()

    assert "Deactivate" not in page
    assert "Transfer ownership" not in page
    assert "disabled" in page
    assert "Deactivate" not in own


def test_a_page_below_leads_back_to_the_list(as_member, alice, bob):
    page = as_member(alice).get(f"/settings/members/{bob.pk}/").content.decode()
    trail = page.partition('aria-label="You are here"')[2].partition("</nav>")[0]

    assert 'href="/settings/members/">Members</a>' in trail
    assert bob.name in trail


def test_who_may_be_put_into_a_team_is_shown_with_their_letters(as_member, alice, bob):
    page = as_member(alice).get("/settings/teams/new/").content.decode()

    assert (
        page.count('class="avatar" data-size="xs"') >= User.objects.filter(is_active=True).count()
    )


def test_leaving_says_what_is_left_behind(as_member, alice, bob):
    create_contact(actor=bob.as_actor(), family_name="Bobsown")

    page = as_member(alice).get(f"/settings/members/{bob.pk}/deactivate/").content.decode()

    assert "Contacts: 1" in page
    assert "Companies: 0" in page


@pytest.mark.parametrize("action", ["", "deactivate/", "reactivate/", "own/"])
def test_only_those_who_run_the_workspace_do_any_of_it(as_member, bob, carol, action):
    said = {"role": role("admin").pk, "successor": bob.pk}
    visitor = as_member(bob)

    with nothing_written(User, TeamMembership, Event):
        answer = visitor.post(f"/settings/members/{carol.pk}/{action}", said)

    assert answer.status_code == 403


def test_an_admin_cannot_give_the_owners_role(as_member, bob):
    visitor = as_member(make_member("dora@acme.test", Role.Key.ADMIN))

    with nothing_written(User, Event):
        answer = visitor.post(f"/settings/members/{bob.pk}/", {"role": role("owner").pk})

    assert answer.status_code == 422
