"""Roles are edited on pages; what somebody may not give they cannot choose."""

import pytest

from core.actors import Scope
from core.field_rights import FieldRight
from core.permissions import permissions
from tenants.members.models import Role
from tests.conftest import nothing_written

VIEW, ADD = "customers.view_contact", "customers.add_contact"


def role(key):
    return Role.objects.get(key=key)


def said(role, **changes):
    """What the form of a role says when nobody changes anything but this."""
    rights = role.rights()
    form = {"name": role.name, "description": role.description}
    for each in permissions():
        scope = rights.scope(each.name)
        if scope and not each.is_for_owners:
            form[each.name] = scope.value if each.has_scope else "on"
    return {**form, **changes}


@pytest.mark.parametrize("key", Role.Key.values)
def test_saving_a_role_as_it_is_changes_nothing(as_member, alice, key):
    if role(key).has_everything:
        return
    before = role(key).rights()

    answer = as_member(alice).post(f"/settings/roles/{role(key).pk}/", said(role(key)))

    assert answer.status_code == 302
    assert role(key).rights() == before


def test_a_scope_is_chosen(as_member, alice):
    form = said(role("rep"), **{VIEW: "below"})

    as_member(alice).post(f"/settings/roles/{role('rep').pk}/", form)

    assert role("rep").rights().scope(VIEW) == Scope.BELOW


def test_a_role_begins_as_a_copy(as_member, alice):
    visitor = as_member(alice)
    page = visitor.get(f"/settings/roles/new/?copy={role('rep').pk}").content.decode()
    assert "copy of Sales rep" in page

    visitor.post("/settings/roles/new/", said(role("rep"), name="Scouts"))

    assert Role.objects.get(name="Scouts").rights() == role("rep").rights()


def test_a_name_that_is_taken_is_told_and_nothing_is_lost(as_member, alice):
    visitor = as_member(alice)
    visitor.post("/settings/roles/new/", {"name": "Scouts", ADD: "on"})

    with nothing_written(Role):
        again = visitor.post("/settings/roles/new/", {"name": "scouts", VIEW: "team"})

    assert again.status_code == 422
    assert "There is a role of this name already." in again.content.decode()
    assert '<option value="team" selected>' in again.content.decode()


def test_roles_with_every_right_are_only_shown(as_member, alice):
    page = as_member(alice).get(f"/settings/roles/{role('admin').pk}/").content.decode()

    assert "disabled" in page
    assert ">Save<" not in page


def test_only_who_manages_roles_sees_them(as_member, bob):
    visitor = as_member(bob)

    with nothing_written(Role):
        answers = [
            visitor.get("/settings/roles/"),
            visitor.get("/settings/roles/new/"),
            visitor.post("/settings/roles/new/", {"name": "Mine"}),
            visitor.get(f"/settings/roles/{role('rep').pk}/"),
            visitor.post(f"/settings/roles/{role('rep').pk}/", {"name": "Mine"}),
            visitor.post(f"/settings/roles/{role('rep').pk}/delete/"),
        ]

    assert {answer.status_code for answer in answers} == {403}


def test_it_is_said_what_managing_teams_comes_to(as_member, alice):
    page = as_member(alice).get(f"/settings/roles/{role('rep').pk}/").content.decode()

    assert "decides whose records rights over teams reach" in page


def test_fields_are_narrowed(as_member, alice):
    form = said(role("rep"), **{"contact.phones": "masked", "contact.birthday": "hidden"})

    as_member(alice).post(f"/settings/roles/{role('rep').pk}/", form)

    rights = role("rep").rights().fields
    assert rights.of("contact", "phones") == FieldRight.MASKED
    assert rights.of("contact", "birthday") == FieldRight.HIDDEN
    assert rights.of("contact", "title") == FieldRight.WRITE
    page = as_member(alice).get(f"/settings/roles/{role('rep').pk}/").content.decode()
    assert "2 fields are hidden, masked or read only" in page


def test_a_copy_narrows_the_same_fields(as_member, alice):
    scouts = role("rep")
    scouts.field_rights = ["contact.birthday:hidden"]
    scouts.save()
    page = as_member(alice).get(f"/settings/roles/new/?copy={scouts.pk}")

    assert page.context["form"]["contact.birthday"].value() == "hidden"
