"""A file that waits is fetched only by whoever may still export all that is in it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.timezone import now

from crm.customers.operations.contacts import create_contact
from crm.sharing.operations import end_share, share_record
from crm.transfer.export.columns import columns_of
from crm.transfer.exporting import RightsNarrowed, ask_for_export, fetch_export, write_export
from crm.transfer.models import Export
from tenants.members.models import Role, User
from tests.conftest import Visitor, leave, make_member, nothing_written
from tests.crm.transfer.conftest import record_type

type LogIn = Callable[[User], Visitor]
ALL = ["customers.view_contact", "customers.export_contact"]


@pytest.fixture
def dan(alice: User, bob: User) -> User:
    """Somebody who exports everybody's contacts; there is one of Alice's, of Bob's and of their own."""
    member = make_member("dan@acme.test", Role.Key.REP)
    member.role = Role.objects.create(name="Analyst", grants=ALL)
    member.save(update_fields=["role"])
    for owner in (alice, bob):
        create_contact(actor=owner.as_actor(), given_name="Ada", title="Analyst")
    create_contact(actor=alice.as_actor(), given_name="Own", owner=member.pk)
    return member


def again(member: User) -> User:
    return User.objects.select_related("role").get(pk=member.pk)


def exported(member: User) -> Export:
    kind = record_type("contact")
    made = ask_for_export(
        kind,
        format_name="csv",
        columns=columns_of(kind, "all"),
        query="",
        actor=again(member).as_actor(),
        at=now(),
    )
    write_export(made.pk)
    return Export.objects.get(pk=made.pk)


def narrow(member: User, *grants: str, fields: tuple[str, ...] = ()) -> None:
    role = again(member).role
    role.grants, role.field_rights = list(grants), list(fields)
    role.save(update_fields=["grants", "field_rights"])


@pytest.mark.parametrize(
    ("grants", "fields"),
    [
        (["customers.view_contact:own", "customers.export_contact"], ()),
        (["customers.view_contact", "customers.export_contact:own"], ()),
        (["customers.export_contact"], ()),
        (ALL, ("contact.title:hidden",)),
        (ALL, ("contact.title:masked",)),
    ],
)
def test_who_may_see_less_by_now_exports_again(
    dan: User, as_member: LogIn, grants: list[str], fields: tuple[str, ...]
) -> None:
    made = exported(dan)
    narrow(dan, *grants, fields=fields)
    visitor, page = as_member(dan), f"/exports/{made.pk}/"

    with nothing_written(Export):
        with pytest.raises(RightsNarrowed):
            fetch_export(made, actor=again(dan).as_actor(), at=now())
        by_page = visitor.post(f"{page}fetch/", follow=True).content.decode()
        by_api = visitor.get(f"/api/v1/contacts/export/?export={made.pk}")

    assert "You may see less now than when this export was made. Export again." in by_page
    assert "Fetch the file" not in by_page
    assert (by_api.status_code, by_api.json()["code"]) == (403, "export_rights_narrowed")
    assert Export.objects.get(pk=made.pk).state == Export.State.READY


@pytest.mark.parametrize(
    ("grants", "fields"),
    [
        (ALL, ()),
        ([*ALL, "customers.change_contact"], ()),
        (ALL, ("contact.title:read", "company.industry:hidden")),
    ],
)
def test_who_may_see_as_much_fetches_the_file(
    dan: User, grants: list[str], fields: tuple[str, ...]
) -> None:
    narrow(dan, "customers.view_contact:own", "customers.export_contact:own")
    made = exported(dan)
    narrow(dan, *grants, fields=fields)

    with fetch_export(made, actor=again(dan).as_actor(), at=now()) as file:
        assert b"Own" in file.read()


def test_what_is_shared_no_more_is_not_fetched(dan: User, alice: User) -> None:
    narrow(dan, "customers.view_contact:own", "customers.export_contact")
    contact = create_contact(actor=alice.as_actor(), given_name="Shared")
    share = share_record(contact, level="view", actor=alice.as_actor(), member=dan)
    made = exported(dan)
    end_share(share, actor=alice.as_actor())

    with nothing_written(Export), pytest.raises(RightsNarrowed):
        fetch_export(made, actor=again(dan).as_actor(), at=now())


def test_a_file_of_which_nobody_knows_with_what_rights_it_was_written_is_not_fetched(
    dan: User,
) -> None:
    made = exported(dan)
    Export.objects.filter(pk=made.pk).update(rights=None)

    with pytest.raises(RightsNarrowed):
        fetch_export(made, actor=again(dan).as_actor(), at=now())


@pytest.mark.parametrize(
    "end", [leave, lambda member: narrow(member, "customers.view_contact")], ids=["left", "lost"]
)
def test_nothing_is_written_for_somebody_who_may_not_export_any_more(
    dan: User, stored: Any, end: Callable[[User], None]
) -> None:
    kind = record_type("contact")
    made = ask_for_export(
        kind,
        format_name="csv",
        columns=columns_of(kind, "all"),
        query="",
        actor=dan.as_actor(),
        at=now(),
    )
    end(dan)

    assert not write_export(made.pk)

    assert Export.objects.get(pk=made.pk).state == Export.State.FAILED
    assert not list(stored.glob("t_*/exports/*"))
