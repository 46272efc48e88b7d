"""Programs do to many records what people do, through the same operations."""

import re

import pytest

from crm.customers.models.contacts import Contact
from crm.customers.operations.contacts import create_contacts, update_contact
from crm.history.models import ChangeSet
from tests.conftest import leave, nothing_written


@pytest.fixture
def two(bob):
    rows = {1: {"given_name": "Ann"}, 2: {"given_name": "Ben"}}
    return list(create_contacts(rows, actor=bob.as_actor()).records.values())


@pytest.fixture
def send(as_member):
    def post(member, path, body=None):
        return as_member(member).post(
            f"/api/v1/{path}", body or {}, content_type="application/json"
        )

    return post


def test_a_bulk_edit_answers_with_its_change_set(send, as_member, bob, two):
    response = send(
        bob,
        "contacts/bulk/",
        {"action": "edit", "field": "title", "value": "Boss", "ids": [str(e.pk) for e in two]},
    )

    said = response.json()
    assert (response.status_code, said["state"], said["updated"]) == (200, "done", 2)
    changes = as_member(bob).get(f"/api/v1/history/{said['id']}/changes/").json()["results"]
    assert [each["after"] for each in changes] == [{"title": "Boss"}] * 2
    assert send(bob, f"history/{said['id']}/undo/").json()["updated"] == 2
    assert {each.title for each in Contact.objects.all()} == {""}
    assert send(bob, f"history/{said['id']}/undo/").status_code == 409


def test_all_that_match_an_address_are_changed(send, bob, two, vip):
    body = {"action": "tag", "value": [str(vip.pk)], "all": True}

    response = send(bob, "contacts/bulk/?search=ann", body)

    assert response.json()["updated"] == 1
    assert [tag.key for tag in Contact.objects.get(pk=two[0].pk).tag_list] == ["vip"]


def test_undo_names_the_conflicts_and_does_nothing(send, alice, bob, two):
    body = {"action": "edit", "field": "title", "value": "Boss", "ids": [str(e.pk) for e in two]}
    pk = send(bob, "contacts/bulk/", body).json()["id"]
    update_contact(two[0], actor=alice.as_actor(), changes={"title": "Queen"})

    with nothing_written(Contact, ChangeSet):
        refused = send(bob, f"history/{pk}/undo/")
    rest = send(bob, f"history/{pk}/undo/", {"rest": True})

    assert (refused.status_code, refused.json()["code"]) == (409, "undo_conflicts")
    (record,) = refused.json()["records"]
    assert record["id"] == str(two[0].pk)
    assert record["conflicts"][0]["theirs"] == "Queen"
    assert (rest.json()["updated"], rest.json()["refused"]) == (1, 1)


@pytest.mark.parametrize(
    ("right", "told"), [("hidden", []), ("masked", ["\u2022\u2022\u2022\u2022"])]
)
def test_undo_tells_nothing_of_fields_one_does_not_see_any_more(
    send, as_member, alice, bob, two, right, told
):
    body = {"action": "edit", "field": "title", "value": "Boss", "ids": [str(e.pk) for e in two]}
    pk = send(bob, "contacts/bulk/", body).json()["id"]
    update_contact(two[0], actor=alice.as_actor(), changes={"title": "Queen"})
    bob.role.field_rights = [f"contact.title:{right}"]
    bob.role.save()

    refused = send(bob, f"history/{pk}/undo/")
    page = as_member(bob).get(f"/history/{pk}/undo/")

    (record,) = refused.json()["records"]
    assert [each["theirs"] for each in record["conflicts"]] == told
    for answer in (refused, page):
        assert not {"Queen", "Boss"} & set(re.findall(r"\w+", answer.content.decode()))


def test_undo_tells_nothing_of_records_one_does_not_see_any_more(
    send, as_member, alice, bob, carol, two
):
    body = {"action": "edit", "field": "title", "value": "Boss", "ids": [str(e.pk) for e in two]}
    pk = send(bob, "contacts/bulk/", body).json()["id"]
    update_contact(two[0], actor=alice.as_actor(), changes={"title": "Queen", "owner": carol.pk})

    refused = send(bob, f"history/{pk}/undo/")
    page = as_member(bob).get(f"/history/{pk}/undo/")

    (record,) = refused.json()["records"]
    assert (record["id"], record["conflicts"]) == (str(two[0].pk), [])
    assert "A record you cannot see" in page.content.decode()
    assert "Queen" not in page.content.decode()


def test_undo_names_former_owners_who_have_left(send, alice, bob, carol, two):
    update_contact(two[0], actor=alice.as_actor(), changes={"owner": carol.pk})
    body = {"action": "assign", "value": str(bob.pk), "ids": [str(each.pk) for each in two]}
    pk = send(alice, "contacts/bulk/", body).json()["id"]
    leave(carol)

    refused = send(alice, f"history/{pk}/undo/")
    rest = send(alice, f"history/{pk}/undo/", {"rest": True})

    (record,) = refused.json()["records"]
    assert refused.status_code == 409
    assert record["id"] == str(two[0].pk)
    assert "not active any more" in record["conflicts"][0]["reason"]
    assert rest.json()["refused"] == 1
    assert Contact.objects.get(pk=two[0].pk).owner_id == bob.pk


def test_records_are_merged_and_the_old_address_says_where_to(send, as_member, bob, two):
    first, second = two
    body = {
        "survivor": str(first.pk),
        "records": [str(second.pk)],
        "choices": {"given_name": str(second.pk), "tags": "all"},
    }

    response = send(bob, "contacts/merge/", body)

    assert (response.status_code, response.json()["kind"]) == (200, "merge")
    gone = as_member(bob).get(f"/api/v1/contacts/{second.pk}/")
    assert (gone.status_code, gone.json()["merged_into"]) == (410, str(first.pk))
    assert Contact.objects.get().given_name == "Ben"


def test_the_trash_is_listed_restored_and_emptied(send, as_member, alice, bob, two):
    for each in two:
        as_member(bob).delete(f"/api/v1/contacts/{each.pk}/")
    names = [row["name"] for row in as_member(bob).get("/api/v1/contacts/trash/").json()["results"]]

    assert sorted(names) == ["Ann", "Ben"]
    assert send(bob, f"contacts/{two[0].pk}/restore/").status_code == 204
    assert send(bob, f"contacts/{two[1].pk}/destroy/").status_code == 403
    assert send(alice, f"contacts/{two[1].pk}/destroy/").status_code == 204
    assert [each.pk for each in Contact.objects.all()] == [two[0].pk]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "edit", "field": "nothing", "value": 1},
        {"action": "explode"},
        {"action": "delete", "ids": []},
        {"action": "edit", "field": "title", "typo": 1},
    ],
)
def test_what_makes_no_sense_is_refused(send, bob, two, body):
    with nothing_written(Contact, ChangeSet):
        assert send(bob, "contacts/bulk/", body).status_code == 400


def test_what_others_did_is_not_listed(as_member, send, alice, bob, carol, two):
    body = {"action": "edit", "field": "title", "value": "x", "ids": [str(two[0].pk)]}
    pk = send(alice, "contacts/bulk/", body).json()["id"]

    assert as_member(bob).get("/api/v1/history/").json()["count"] == 0
    assert as_member(bob).get(f"/api/v1/history/{pk}/").status_code == 404
    assert as_member(carol).get("/api/v1/history/").json()["count"] == 1
    assert send(carol, f"history/{pk}/undo/").status_code == 403
