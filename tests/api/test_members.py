"""Members, invitations, roles and teams through the API: what the settings do, and no more."""

import pytest

from core.events.models import Event
from tenants.members.models import Invitation, Role, Team, TeamMembership, User
from tests.conftest import make_member, nothing_written

API = "/api/v1/"


@pytest.fixture
def north():
    return Team.objects.create(name="North")


def role(key):
    return Role.objects.get(key=key)


def test_everybody_reads_who_works_here(program_of, alice, bob, north):
    TeamMembership.objects.create(team=north, user=bob)
    program = program_of(bob)

    said = program.get(f"{API}members/").json()
    one = program.get(f"{API}members/{bob.pk}/").json()

    assert [each["name"] for each in said["results"]] == [alice.name, "Bob Reed"]
    assert (one["email"], one["role"], one["teams"]) == (
        "bob@acme.test",
        str(bob.role_id),
        [str(north.pk)],
    )


def test_role_and_teams_are_changed_together(program_of, alice, bob, north):
    body = {"role": role("manager").pk, "teams": [north.pk]}

    said = program_of(alice).send("patch", f"{API}members/{bob.pk}/", body)

    assert said.json()["role"] == str(role("manager").pk)
    assert [each.team for each in bob.memberships.all()] == [north]


def test_a_member_is_deactivated_comes_back_and_owns_the_workspace(program_of, alice, bob, carol):
    program, url = program_of(alice), f"{API}members/{bob.pk}/"

    assert not program.send("post", f"{url}deactivate/", {"successor": carol.pk}).json()[
        "is_active"
    ]
    assert [
        each["name"] for each in program.get(f"{API}members/?state=deactivated").json()["results"]
    ] == ["Bob Reed"]
    assert program.send("post", f"{url}reactivate/", {}).json()["is_active"]
    assert program.send("post", f"{url}transfer-ownership/", {}).status_code == 200
    assert User.objects.get(pk=bob.pk).role.key == "owner"


def test_a_list_is_invited_and_each_address_answered(program_of, alice, north, work):
    body = {
        "emails": ["Dora <dora@acme.test>", "nonsense", "alice@acme.test"],
        "role": role("rep").pk,
        "teams": [north.pk],
    }
    program = program_of(alice)

    answer = program.send("post", f"{API}invitations/", body)
    work()

    assert answer.status_code == 201
    assert [(each["email"], each["outcome"]) for each in answer.json()] == [
        ("dora@acme.test", "invited"),
        ("", "no_address"),
        ("alice@acme.test", "member"),
    ]
    listed = program.get(f"{API}invitations/").json()["results"]
    assert [(each["email"], each["teams"]) for each in listed] == [
        ("dora@acme.test", [str(north.pk)])
    ]
    assert not any("token" in name for name in listed[0])


def test_an_invitation_is_sent_anew_and_ended(program_of, alice, mailoutbox, work):
    program = program_of(alice)
    body = {"emails": ["dora@acme.test"], "role": role("rep").pk}
    program.send("post", f"{API}invitations/", body)
    work()
    url = f"{API}invitations/{Invitation.objects.get().pk}/"

    assert program.send("post", f"{url}resend/", {}).status_code == 200
    work()
    assert len([mail for mail in mailoutbox if mail.to == ["dora@acme.test"]]) == 2
    assert program.delete(url).status_code == 204
    assert program.get(url).status_code == 404


def test_a_role_is_made_changed_and_deleted(program_of, alice):
    program = program_of(alice)
    body = {"name": "Interns", "rights": {"customers.view_contact": "own"}}

    made = program.send("post", f"{API}roles/", body).json()
    url = f"{API}roles/{made['id']}/"
    changed = program.send("patch", url, {"rights": {"customers.view_contact": "team"}}).json()

    assert (changed["name"], changed["rights"]) == ("Interns", {"customers.view_contact": "team"})
    narrowed = program.send("patch", url, {"field_rights": {"contact.phones": "hidden"}}).json()
    assert narrowed["field_rights"] == {"contact.phones": "hidden"}
    assert narrowed["rights"] == changed["rights"]
    for wrong in ({"contact.nonsense": "hidden"}, {"contact.phones": "shut"}):
        assert program.send("patch", url, {"field_rights": wrong}).status_code == 400
    assert program.delete(url).status_code == 204
    assert not Role.objects.filter(name="Interns").exists()
    assert (
        program.send("patch", f"{API}roles/{role('admin').pk}/", {"name": "X"}).status_code == 409
    )


def test_a_team_is_made_changed_and_deleted(program_of, alice, bob, north):
    program = program_of(alice)
    body = {"name": "Leeds", "parent": north.pk, "manager": bob.pk, "members": [bob.pk]}

    made = program.send("post", f"{API}teams/", body).json()
    url = f"{API}teams/{made['id']}/"
    changed = program.send("patch", url, {"members": []}).json()

    assert (made["parent"], made["members"]) == (str(north.pk), [str(bob.pk)])
    assert (changed["manager"], changed["members"]) == (str(bob.pk), [])
    assert program.delete(url).status_code == 204
    assert list(Team.objects.all()) == [north]


REFUSED = [
    ("patch", "members/{member}/", {"role": "{role}"}),
    ("patch", "members/{member}/", {"teams": ["{team}"]}),
    ("post", "members/{member}/deactivate/", {}),
    ("post", "members/{member}/reactivate/", {}),
    ("post", "members/{member}/transfer-ownership/", {}),
    ("get", "invitations/", None),
    ("post", "invitations/", {"emails": ["dora@acme.test"], "role": "{role}"}),
    ("get", "invitations/{invitation}/", None),
    ("post", "invitations/{invitation}/resend/", {}),
    ("delete", "invitations/{invitation}/", {}),
    ("get", "roles/", None),
    ("post", "roles/", {"name": "Mine", "rights": {}}),
    ("patch", "roles/{role}/", {"name": "Mine"}),
    ("delete", "roles/{role}/", {}),
    ("post", "teams/", {"name": "Mine"}),
    ("patch", "teams/{team}/", {"name": "Mine"}),
    ("delete", "teams/{team}/", {}),
]


@pytest.mark.parametrize(("method", "path", "body"), REFUSED)
def test_a_rep_reads_colleagues_and_teams_and_nothing_more(
    program_of, alice, bob, carol, north, method, path, body
):
    interns = Role.objects.create(name="Interns")
    invited = Invitation.objects.create(
        email="eva@acme.test",
        role=interns,
        token_hash="x",
        created_at=alice.joined_at,
        expires_at=alice.joined_at,
    )
    known = {"member": carol.pk, "role": interns.pk, "team": north.pk, "invitation": invited.pk}
    program = program_of(bob)

    def filled(value):
        if isinstance(value, list):
            return [filled(each) for each in value]
        return str(value).format(**known)

    with nothing_written(User, Role, Team, TeamMembership, Invitation, Event):
        url = API + path.format(**known)
        said = {name: filled(value) if value else value for name, value in (body or {}).items()}
        answer = program.get(url) if method == "get" else program.send(method, url, said)

    assert answer.status_code == 403


def test_an_admin_cannot_give_more_than_they_have(program_of, bob):
    dora = make_member("dora@acme.test", Role.Key.ADMIN)
    program = program_of(dora)
    owner = role("owner").pk

    with nothing_written(User, Invitation, Event):
        for method, path, body in (
            ("patch", f"members/{bob.pk}/", {"role": owner}),
            ("post", f"members/{bob.pk}/transfer-ownership/", {}),
            ("post", "invitations/", {"emails": ["eva@acme.test"], "role": owner}),
        ):
            assert program.send(method, API + path, body).status_code == 403
