"""Undo reaches the records that are, or were before, within the scopes of who takes back, and no others."""

import pytest

from api.keys.operations import create_key
from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contact, update_contact
from crm.customers.records import CONTACTS
from crm.history.journal import change_set
from crm.history.models import Change, ChangeSet, MergedRecord, Portion
from crm.history.operations.merging import merge_records
from tenants.members.models import Role
from tests.api.conftest import Program
from tests.conftest import nothing_written
from tests.crm.history.test_bulk import bulk

OWN = tuple(f"customers.{verb}_contact:own" for verb in ("view", "change", "delete"))
UNDO = ("history.undo", "history.undo_others", "history.view_others")
WRITTEN = (Contact, Change, ChangeSet, Portion, MergedRecord)


def person(member, name, **values):
    return create_contact(actor=member.as_actor(), given_name=name, **values)


def titles():
    return {each.given_name: each.title for each in Contact.objects.all()}


def boss(member, *records):
    return bulk(member, *records, action="edit", field="title", value="Boss")


@pytest.fixture
def take_back(door, acme, as_member):
    """Return a function that takes a set back with narrow scopes: on the page a member who has no wider
    ones any more, in the API a key of somebody who has."""

    def send(member, the_set, *, grants=OWN, rest=False):
        the_set.refresh_from_db()
        if door.kind == "api":
            limit = ["history:write", *grants]
            _key, secret = create_key(actor=member.as_actor(), name="Limited", grants=limit)
            url = f"/api/v1/history/{the_set.pk}/undo/"
            return Program(acme, secret).send("post", url, {"rest": rest})
        name = f"Narrow {len(grants)}"
        narrow = {"grants": [*UNDO, *grants]}
        member.role, _is_new = Role.objects.get_or_create(name=name, defaults=narrow)
        member.save()
        visitor = as_member(member)
        return visitor.post(f"/history/{the_set.pk}/undo/", {"rest": "1"} if rest else {})

    return send


def undone(answer, the_set):
    """Return the set that took this one back, after an answer that said so."""
    assert answer.status_code in (200, 302), answer.content
    return ChangeSet.objects.get(undoes=the_set)


def test_what_was_changed_on_foreign_records_stays(take_back, alice, bob):
    hers, *others = person(alice, "Her"), person(bob, "Hidden"), person(bob, "Secret")
    the_set = boss(alice, hers, *others)

    with nothing_written(*WRITTEN):
        refused = take_back(alice, the_set)
    assert refused.status_code == 409
    assert not any(word in refused.content.decode() for word in ("Hidden", "Secret"))
    undo = undone(take_back(alice, the_set, rest=True), the_set)
    assert (undo.updated, undo.refused) == (1, 2)
    assert titles() == {"Her": "", "Hidden": "Boss", "Secret": "Boss"}


def test_foreign_records_are_told_by_their_ids_alone(take_back, door, alice, bob):
    his = person(bob, "Hidden", title="Clerk")
    the_set = boss(alice, his, person(alice, "Her"))
    update_contact(his, actor=bob.as_actor(), changes={"title": "Queen"})

    refused = take_back(alice, the_set)

    if door.kind == "api":
        told = {"id": str(his.pk), "type": "contact", "conflicts": []}
        assert refused.json()["records"] == [told]
    else:
        assert "A record you cannot see" in refused.content.decode()
    assert not any(word in refused.content.decode() for word in ("Hidden", "Queen", "Clerk"))


def test_what_one_sees_and_may_not_change_is_told_by_name(take_back, door, alice, bob):
    his = person(bob, "Visible")
    the_set = boss(alice, his, person(alice, "Her"))
    grants = ("customers.view_contact", *OWN[1:])

    with nothing_written(*WRITTEN):
        refused = take_back(alice, the_set, grants=grants)

    assert refused.status_code == 409
    if door.kind == "page":
        assert "Visible" in refused.content.decode()
        assert "You may not change this record." in refused.content.decode()
    undo = undone(take_back(alice, the_set, grants=grants, rest=True), the_set)
    assert (undo.updated, undo.refused) == (1, 1)
    assert titles() == {"Visible": "Boss", "Her": ""}


@pytest.mark.parametrize("grants", [OWN, ()], ids=["own", "none"])
def test_a_set_of_foreign_records_alone_is_left_to_those_who_may(
    take_back, door, alice, bob, grants
):
    the_set = boss(alice, person(bob, "Hidden"))

    with nothing_written(*WRITTEN):
        refused = take_back(alice, the_set, grants=grants, rest=True)

    assert refused.status_code == (403 if door.kind == "api" else 302)
    the_set.refresh_from_db()
    assert the_set.state == ChangeSet.State.DONE


def test_who_gave_a_record_away_takes_it_back_with_any_scope(take_back, alice, bob):
    mine, his = person(alice, "Mine"), person(bob, "His")
    the_set = bulk(alice, mine, his, action="assign", field="owner", value=str(bob.pk))
    given = bulk(alice, mine, action="edit", field="language", value="de")

    assert undone(take_back(alice, the_set, rest=True), the_set).updated == 1

    mine.refresh_from_db()
    assert mine.owner_id == alice.pk
    assert undone(take_back(alice, given), given).updated == 1


def test_who_gave_a_record_away_takes_back_what_they_wrote_before(take_back, alice, bob):
    mine = person(alice, "Mine")
    the_set = boss(alice, mine)
    update_contact(mine, actor=alice.as_actor(), changes={"owner": bob.pk})

    assert undone(take_back(alice, the_set), the_set).updated == 1
    assert titles() == {"Mine": ""}


def test_what_was_written_after_a_record_was_given_away_stays(take_back, alice, bob):
    mine = person(alice, "Mine")
    update_contact(mine, actor=alice.as_actor(), changes={"owner": bob.pk})
    the_set = boss(alice, mine, person(alice, "Her"))

    undo = undone(take_back(alice, the_set, rest=True), the_set)

    assert (undo.updated, undo.refused) == (1, 1)
    assert titles() == {"Mine": "Boss", "Her": ""}


def test_foreign_records_stay_in_the_trash(take_back, alice, bob):
    the_set = bulk(alice, person(bob, "Hidden"), person(alice, "Her"), action="delete")

    with nothing_written(*WRITTEN):
        assert take_back(alice, the_set).status_code == 409
    undo = undone(take_back(alice, the_set, rest=True), the_set)

    assert (undo.restored, undo.refused) == (1, 1)
    assert [each.given_name for each in Contact.objects.filter(deleted_at=None)] == ["Her"]


def test_what_was_made_for_others_is_not_deleted(take_back, alice, bob):
    with change_set("import", record_type="contact", actor=alice.as_actor()) as the_set:
        person(alice, "Her")
        person(alice, "Hidden", owner=bob.pk)

    with nothing_written(*WRITTEN):
        assert take_back(alice, the_set).status_code == 409
    undo = undone(take_back(alice, the_set, rest=True), the_set)

    assert (undo.deleted, undo.refused) == (1, 1)
    assert [each.given_name for each in Contact.objects.filter(deleted_at=None)] == ["Hidden"]


def merged(member, survivor, *others):
    ids = [each.pk for each in others]
    _one, the_set = merge_records(
        CONTACTS, survivor=survivor.pk, others=ids, choices={}, actor=member.as_actor()
    )
    return the_set


def test_foreign_records_are_not_taken_apart(take_back, door, alice, bob):
    the_set = merged(alice, person(bob, "Hidden"), person(bob, "Secret", title="Boss"))

    with nothing_written(*WRITTEN):
        assert take_back(alice, the_set, rest=True).status_code in (302, 403)
    assert titles() == {"Hidden": "Boss"}


def test_one_takes_apart_what_was_ones_own(take_back, alice, bob):
    survivor = person(alice, "Her")
    the_set = merged(alice, survivor, person(alice, "Other", title="Boss"))
    update_contact(survivor, actor=alice.as_actor(), changes={"owner": bob.pk})

    undo = undone(take_back(alice, the_set), the_set)

    assert undo.refused == 0
    assert titles() == {"Her": "", "Other": "Boss"}
