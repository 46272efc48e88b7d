"""Roles are data that admins edit; nobody gives or takes more than they have themselves."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.actors import Scope
from core.events.models import Event
from core.field_rights import ALL_FIELDS, FieldRights
from core.permissions import for_owners, permissions
from tenants.members.giving import RightsExceeded
from tenants.members.models import Role, User
from tenants.members.models.roles import Rights, rights_of
from tenants.members.operations.roles import (
    LastOwner,
    RoleFixed,
    RoleInUse,
    change_role,
    create_role,
    delete_role,
    transfer_ownership,
    update_role,
)
from tests.conftest import make_member, nothing_written

VIEW, CHANGE = "customers.view_contact", "customers.change_contact"
MANAGE = "members.manage_roles"


def role(key):
    return Role.objects.get(key=key)


@pytest.fixture
def dora():
    """An admin beside the owner."""
    return make_member("dora@acme.test", Role.Key.ADMIN)


@pytest.fixture
def clerk(alice):
    """Somebody who manages roles and sees their team's contacts, and may do nothing else."""
    made = create_role(
        name="Clerk", scopes={MANAGE: Scope.ALL, VIEW: Scope.TEAM}, actor=alice.as_actor()
    )
    member = make_member("clerk@acme.test", Role.Key.VIEWER)
    return change_role(member, made, actor=alice.as_actor())


def test_a_role_says_over_whose_records_it_is(alice):
    made = create_role(
        name="Scouts",
        scopes={VIEW: Scope.BELOW, CHANGE: Scope.ALL, "notes.add_note": Scope.ALL},
        actor=alice.as_actor(),
    )

    rights = Role.objects.get(pk=made.pk).rights()
    assert rights.permissions == {VIEW, CHANGE, "notes.add_note"}
    assert {name: rights.scope(name) for name in rights.permissions} == {
        VIEW: Scope.BELOW,
        CHANGE: Scope.ALL,
        "notes.add_note": Scope.ALL,
    }
    assert Event.objects.filter(name="role.created", subject_id=made.pk).exists()


def test_what_no_release_knows_any_more_allows_nothing():
    assert rights_of(["customers.juggle_contact", f"{VIEW}:own"]) == Rights(
        frozenset({VIEW}), {VIEW: Scope.OWN}
    )


def test_owners_have_every_right_and_admins_all_but_those_of_owners():
    everything = {each.name for each in permissions()}

    assert role("owner").rights().permissions == everything
    assert role("admin").rights().permissions == everything - for_owners()


def test_members_have_a_changed_role_at_once(as_member, alice, bob):
    visitor = as_member(bob)
    assert visitor.get("/contacts/").status_code == 200

    update_role(role("rep"), changes={"scopes": {}}, actor=alice.as_actor())

    assert visitor.get("/contacts/").status_code == 403
    assert visitor.get("/api/v1/contacts/").status_code == 403


def test_nobody_gives_rights_they_do_not_have(clerk):
    with nothing_written(Role, Event):
        for scopes in ({CHANGE: Scope.OWN}, {VIEW: Scope.BELOW}, {VIEW: Scope.ALL}):
            with pytest.raises(RightsExceeded):
                create_role(name="More", scopes=scopes, actor=clerk.as_actor())

    made = create_role(name="Less", scopes={VIEW: Scope.OWN}, actor=clerk.as_actor())
    assert made.rights().scopes == {VIEW: Scope.OWN}


def test_nobody_opens_a_field_that_is_closed_to_them(clerk):
    clerk.role.field_rights = ["contact.birthday:masked"]
    clerk.role.save()
    actor = User.objects.select_related("role").get(pk=clerk.pk).as_actor()

    with nothing_written(Role, Event):
        for fields in (ALL_FIELDS, FieldRights.read(["contact.birthday:read"])):
            with pytest.raises(RightsExceeded):
                create_role(name="More", scopes={VIEW: Scope.OWN}, fields=fields, actor=actor)
    hidden = FieldRights.read(["contact.birthday:hidden"])
    made = create_role(name="Less", scopes={VIEW: Scope.OWN}, fields=hidden, actor=actor)
    assert made.rights().fields == hidden


def test_a_field_no_record_has_is_refused(alice):
    for named in ("contact.shoe_size:hidden", "starship.title:hidden", "contact.given_name:hidden"):
        with nothing_written(Role), pytest.raises(ValidationError):
            update_role(
                role("rep"), changes={"fields": FieldRights.read([named])}, actor=alice.as_actor()
            )


def test_rights_of_owners_are_given_to_nobody(alice):
    with nothing_written(Role), pytest.raises(RightsExceeded):
        create_role(
            name="Kings", scopes=dict.fromkeys(for_owners(), Scope.ALL), actor=alice.as_actor()
        )


def test_nobody_edits_or_gives_a_role_that_can_do_more(clerk, bob, carol):
    with nothing_written(Role, User, Event):
        with pytest.raises(RightsExceeded):
            update_role(role("rep"), changes={"name": "Reps"}, actor=clerk.as_actor())
        with pytest.raises(RightsExceeded):
            change_role(carol, role("manager"), actor=clerk.as_actor())
        with pytest.raises(RightsExceeded):
            change_role(bob, clerk.role, actor=clerk.as_actor())


def test_roles_with_every_right_are_not_edited(alice):
    for key in ("owner", "admin"):
        with nothing_written(Role), pytest.raises(RoleFixed):
            update_role(role(key), changes={"scopes": {}}, actor=alice.as_actor())


def test_a_role_needs_a_name_of_its_own(alice):
    create_role(name="Scouts", scopes={}, actor=alice.as_actor())

    with nothing_written(Role):
        for name in ("", "  ", "scouts"):
            with pytest.raises(ValidationError):
                create_role(name=name, scopes={}, actor=alice.as_actor())


def test_an_unknown_right_is_refused(alice):
    with nothing_written(Role), pytest.raises(ValidationError, match="no such right"):
        create_role(name="Odd", scopes={"customers.juggle": Scope.ALL}, actor=alice.as_actor())


def test_a_role_that_somebody_has_is_not_deleted(alice, clerk):
    with nothing_written(Role), pytest.raises(RoleInUse):
        delete_role(clerk.role, actor=alice.as_actor())
    with nothing_written(Role), pytest.raises(RoleInUse):
        delete_role(role("billing"), actor=alice.as_actor())

    change_role(clerk, role("viewer"), actor=alice.as_actor())
    delete_role(Role.objects.get(name="Clerk"), actor=alice.as_actor())
    assert not Role.objects.filter(name="Clerk").exists()


def test_only_who_manages_roles_changes_them(bob, carol):
    with nothing_written(Role, User, Event):
        for change in (
            lambda: create_role(name="Mine", scopes={}, actor=bob.as_actor()),
            lambda: update_role(role("viewer"), changes={"name": "V"}, actor=bob.as_actor()),
            lambda: delete_role(role("viewer"), actor=bob.as_actor()),
            lambda: change_role(carol, role("viewer"), actor=bob.as_actor()),
        ):
            with pytest.raises(PermissionDenied):
                change()


def test_the_last_owner_stays_an_owner(alice, dora):
    with nothing_written(User, Event), pytest.raises(LastOwner):
        change_role(alice, role("admin"), actor=alice.as_actor())


def test_an_admin_neither_makes_nor_unmakes_owners(alice, bob, dora):
    with nothing_written(User, Event):
        with pytest.raises(RightsExceeded):
            change_role(bob, role("owner"), actor=dora.as_actor())
        with pytest.raises(RightsExceeded):
            change_role(alice, role("rep"), actor=dora.as_actor())
        with pytest.raises(PermissionDenied):
            transfer_ownership(bob, actor=dora.as_actor())


def test_ownership_goes_to_another_member(alice, dora):
    transfer_ownership(dora, actor=alice.as_actor())

    keys = dict(User.objects.values_list("email", "role__key"))
    assert (keys["dora@acme.test"], keys["alice@acme.test"]) == ("owner", "admin")
