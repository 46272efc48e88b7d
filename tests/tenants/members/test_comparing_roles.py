"""Two roles side by side, and what saving a role would do, before it is done."""

import json
from html import unescape

import pytest

from core.access import can
from core.permissions import permissions
from crm.customers.operations.contacts import create_contact
from tenants.members.comparing import differences, effect_of, rights_in_words
from tenants.members.models import Role
from tenants.members.models.roles import Rights, rights_of
from tests.conftest import nothing_written
from tests.tenants.members.test_role_pages import role, said

VIEW = "customers.view_contact"


def told(first, second):
    return {each.label: (each.before, each.after) for each in differences(first, second)}


@pytest.mark.parametrize("first", Role.Key.values)
@pytest.mark.parametrize("second", Role.Key.values)
def test_exactly_the_rights_that_differ_are_told(first, second):
    one, other = role(first).rights(), role(second).rights()
    differing = {
        str(each.label) for each in permissions() if one.scope(each.name) != other.scope(each.name)
    }

    assert told(one, other).keys() == differing


def test_fields_are_compared_too():
    open_to_all = rights_of([VIEW])
    narrowed = role("rep")
    narrowed.grants, narrowed.field_rights = [VIEW], ["contact.birthday:hidden"]

    assert told(open_to_all, narrowed.rights()) == {"Birthday": ("See and change", "Hidden")}


def test_the_effect_counts_what_members_would_see(alice, bob):
    create_contact(actor=alice.as_actor(), family_name="Alicesown")
    create_contact(actor=bob.as_actor(), family_name="Bobsown")
    wider = rights_of([VIEW])

    effect = effect_of(role("rep"), wider)

    assert effect.members == 1
    contacts = [each for each in effect.sights if each.things == "Contacts"]
    assert [(each.member, each.before.number, each.after.number) for each in contacts] == [
        (bob, 1, 2)
    ]
    assert not can(bob.as_actor(), "members.view_as")


def test_very_many_are_not_counted_to_the_end(as_member, alice, bob, monkeypatch):
    monkeypatch.setattr("core.records.counting.MOST_COUNTED", 1)
    for name in ("One", "Two"):
        create_contact(actor=bob.as_actor(), family_name=name)

    [sight] = effect_of(role("rep"), Rights(frozenset(), {})).sights
    page = as_member(alice).get(f"/settings/members/{bob.pk}/").content.decode()

    assert (sight.before.number, sight.before.is_exact) == (1, False)
    assert (sight.after.number, sight.after.is_exact) == (0, True)
    assert "1+" in page


def test_what_the_change_leaves_alone_is_not_counted(bob, django_assert_max_num_queries):
    rep = role("rep")

    with django_assert_max_num_queries(5) as asked:
        assert effect_of(rep, rep.rights()).sights == []

    assert not [each for each in asked.captured_queries if "customers_" in each["sql"]]


def test_no_rights_show_nothing(bob):
    create_contact(actor=bob.as_actor(), family_name="Bobsown")

    [sight] = effect_of(role("rep"), Rights(frozenset(), {})).sights

    assert (sight.before.number, sight.after.number) == (1, 0)


def test_a_preview_shows_the_effect_and_saves_nothing(as_member, alice, bob):
    create_contact(actor=alice.as_actor(), family_name="Alicesown")
    form = said(role("rep"), **{VIEW: "all", "preview": "1"})

    with nothing_written(Role):
        page = as_member(alice).post(f"/settings/roles/{role('rep').pk}/", form)

    text = page.content.decode()
    assert page.status_code == 200
    assert "What saving would change" in text
    assert "Nothing is saved yet" in text
    assert "0 → 1" in text
    assert page.context["form"][VIEW].value() == "all"


def test_two_roles_stand_side_by_side(as_member, alice, bob):
    place = f"/settings/roles/compare/?first={role('rep').pk}&second={role('viewer').pk}"

    page = unescape(as_member(alice).get(place).content.decode())

    assert "Compare roles" in page
    assert all(
        each.below in page for each in differences(role("rep").rights(), role("viewer").rights())
    )
    assert as_member(bob).get(place).status_code == 403


def test_a_role_compared_with_itself_allows_the_same(as_member, alice):
    pk = role("rep").pk

    page = as_member(alice).get(f"/settings/roles/compare/?first={pk}&second={pk}&x=1")

    assert "They allow the same." in page.content.decode()


def test_programs_preview_too(as_member, alice, bob):
    create_contact(actor=alice.as_actor(), family_name="Alicesown")
    place = f"/api/v1/roles/{role('rep').pk}/preview/"
    body = {"rights": {VIEW: "all"}, "field_rights": {"contact.birthday": "hidden"}}

    def ask(member, body):
        return as_member(member).post(place, json.dumps(body), content_type="application/json")

    with nothing_written(Role):
        said = ask(alice, body).json()
        assert ask(bob, body).status_code == 403
        assert ask(alice, {"rights": {"customers.juggle": "all"}}).status_code == 400
    assert said["members"] == 1
    assert {"member": str(bob.pk), "records": "Contacts", "before": 0, "after": 1} in said["sights"]
    assert {"Birthday"} <= {each["label"] for each in said["differences"]}


def test_what_a_member_can_do_is_told(as_member, alice, bob):
    create_contact(actor=bob.as_actor(), family_name="Bobsown")
    visitor = as_member(alice)

    page = unescape(visitor.get(f"/settings/members/{bob.pk}/").content.decode())
    said = visitor.get(f"/api/v1/members/{bob.pk}/rights/").json()

    assert "What they can do" in page
    assert all(each.below in page for each in rights_in_words(bob.role.rights()))
    assert said["rights"][VIEW] == "team"
    assert said["records"] == {"contact": 1, "company": 0}
    assert as_member(bob).get(f"/api/v1/members/{alice.pk}/rights/").status_code == 403
