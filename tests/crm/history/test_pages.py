"""Bulk bar, history, undo and trash, as people and programs use them."""

import pytest
from django.utils.timezone import now

from core.records.registry import record_types
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import (
    create_contact,
    create_contacts,
    update_contact,
    update_contacts,
)
from crm.customers.records import CONTACTS
from crm.history.choosing import Chosen
from crm.history.journal import change_set
from crm.history.models import Change, ChangeSet, Portion
from crm.history.operations.bulk import begin_bulk
from crm.history.orders import Order
from crm.history.running import carry_on
from crm.notes.operations import add_note
from tests.conftest import leave, nothing_written


@pytest.fixture
def two(bob):
    rows = {1: {"given_name": "Ann"}, 2: {"given_name": "Ben"}}
    return list(create_contacts(rows, actor=bob.as_actor()).records.values())


def chosen(*records):
    return {"ids": [str(each.pk) for each in records], "confirmed": "1"}


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("action", ["edit", "assign", "tag", "delete"])
def test_the_bar_asks_what_is_to_be_done(as_member, bob, two, action):
    page = as_member(bob).get("/contacts/bulk/", {"action": action, "ids": two[0].pk})
    part = as_member(bob).get(
        "/contacts/bulk/", {"action": action, "all": "1"}, headers={"HX-Request": "true"}
    )

    assert "1 contact" in page.content.decode()
    assert "<html" not in part.content.decode()
    assert "2 contacts" in part.content.decode()


def test_a_field_is_chosen_and_changed_with_undo(as_member, bob, two):
    visitor = as_member(bob)
    asked = visitor.get("/contacts/bulk/", {"action": "edit", "field": "title", "ids": two[0].pk})

    response = visitor.post(
        "/contacts/bulk/?source=x",
        {"action": "edit", "field": "title", "title": "Boss", **chosen(*two)},
        follow=True,
    )

    assert 'name="title"' in asked.content.decode()
    assert response.redirect_chain[0][0] == "/contacts/?source=x"
    assert {each.title for each in Contact.objects.all()} == {"Boss"}
    the_set = ChangeSet.objects.get()
    assert f"/history/{the_set.pk}/undo/" in response.content.decode()
    visitor.post(f"/history/{the_set.pk}/undo/")
    assert {each.title for each in Contact.objects.all()} == {""}


def test_what_cannot_be_read_is_asked_again(as_member, bob, two):
    with nothing_written(Contact, ChangeSet, Change, Portion):
        response = as_member(bob).post(
            "/contacts/bulk/", {"action": "assign", "owner": "nobody", **chosen(*two)}
        )

    assert response.status_code == 422


def test_a_viewer_does_nothing_to_many(as_member, carol, two):
    with nothing_written(Contact, ChangeSet, Change, Portion):
        for action in ("edit", "delete"):
            sent = {"action": action, "field": "title", "title": "x", **chosen(*two)}
            assert as_member(carol).post("/contacts/bulk/", sent).status_code == 403


def test_without_script_the_bar_leads_to_a_page(as_member, bob, two):
    response = as_member(bob).post("/contacts/bulk/", {"action": "tag", "ids": two[0].pk})

    assert response.status_code == 200
    assert "Take these off" in response.content.decode()
    assert not ChangeSet.objects.exists()


def test_a_large_change_tells_how_far_it_is(as_member, alice, work):
    create_contacts({n: {"given_name": f"P{n}"} for n in range(101)}, actor=alice.as_actor())
    visitor = as_member(alice)
    response = visitor.post(
        "/contacts/bulk/",
        {"action": "assign", "owner": str(alice.pk), "all": "1", "confirmed": "1"},
        follow=True,
    )
    the_set = ChangeSet.objects.get()
    toast = f"/history/{the_set.pk}/toast/"

    assert toast in response.content.decode()
    assert "0 of 101" in visitor.get(toast).content.decode()
    work()
    assert "data-stays" not in visitor.get(toast).content.decode()
    assert visitor.get(f"/history/{the_set.pk}/").status_code == 200


def test_the_history_says_who_did_what(as_member, alice, bob, two):
    as_member(bob).post("/contacts/bulk/", {"action": "delete", **chosen(two[0])})
    edit = {"action": "edit", "field": "title", "title": "Boss", **chosen(two[1])}
    as_member(alice).post("/contacts/bulk/", edit)

    hers, his = as_member(alice).get("/history/"), as_member(bob).get("/history/")

    assert [view.title for view in hers.context["sets"]] == [
        "Changed 1 contact", "Deleted 1 contact",
    ]  # fmt: skip
    assert [view.title for view in his.context["sets"]] == ["Deleted 1 contact"]
    filtered = as_member(alice).get("/history/", {"kind": "edit", "member": str(alice.pk)})
    assert len(filtered.context["sets"]) == 1


def test_a_change_set_lists_what_was_and_what_is(as_member, bob, two):
    as_member(bob).post(
        "/contacts/bulk/", {"action": "edit", "field": "title", "title": "Boss", **chosen(*two)}
    )

    page = as_member(bob).get(ChangeSet.objects.get().get_absolute_url())

    (first, second) = page.context["changes"].records
    assert (first[1].title, first[1].rows) == ("Ann", [("Job title", "—", "Boss")])
    assert second[1].url == two[1].get_absolute_url()


def test_undo_shows_first_what_others_changed(as_member, alice, bob, two):
    as_member(bob).post(
        "/contacts/bulk/", {"action": "edit", "field": "title", "title": "Boss", **chosen(*two)}
    )
    the_set = ChangeSet.objects.get()
    update_contact(two[0], actor=alice.as_actor(), changes={"title": "Queen"})

    with nothing_written(Contact, ChangeSet, Change):
        asked = as_member(bob).post(f"/history/{the_set.pk}/undo/")
    done = as_member(bob).post(f"/history/{the_set.pk}/undo/", {"rest": "1"}, follow=True)

    assert asked.status_code == 409
    (conflict,) = asked.context["conflicts"]
    assert (conflict.title, conflict.fields) == ("Ann", [("Job title", "Queen", alice.name, "")])
    assert done.status_code == 200
    assert sorted(each.title for each in Contact.objects.all()) == ["", "Queen"]


def test_nobody_is_given_back_to_an_owner_who_has_left(as_member, alice, bob, carol, two):
    update_contacts({each.pk: {"owner": carol.pk} for each in two}, actor=alice.as_actor())
    order = {"action": "edit", "field": "title", "title": "Boss", **chosen(*two)}
    as_member(alice).post("/contacts/bulk/", order)
    as_member(alice).post("/contacts/bulk/", {"action": "assign", "owner": bob.pk, **chosen(*two)})
    update_contact(two[1], actor=alice.as_actor(), changes={"title": "Queen"})
    the_set = ChangeSet.objects.latest("created_at")
    leave(carol)

    with nothing_written(Contact, ChangeSet, Change):
        asked = as_member(alice).post(f"/history/{the_set.pk}/undo/")
    done = as_member(alice).post(f"/history/{the_set.pk}/undo/", {"rest": "1"}, follow=True)

    reason = "The former owner is not active any more. The present one stays."
    assert [each.fields for each in asked.context["conflicts"]] == [
        [("Owner", bob.name, alice.name, reason)] for _each in two
    ]
    assert asked.content.decode().count(reason) == 2
    assert reason in done.content.decode()
    assert {each.owner_id for each in Contact.objects.all()} == {bob.pk}


def test_what_else_was_changed_is_taken_back_without_the_owner(as_member, alice, bob, carol, two):
    ann = two[0]
    update_contact(ann, actor=alice.as_actor(), changes={"owner": carol.pk, "title": "Chief"})
    with change_set(ChangeSet.Kind.EDIT, record_type="contact", actor=alice.as_actor()):
        update_contact(ann, actor=alice.as_actor(), changes={"owner": bob.pk, "title": "Boss"})
    leave(carol)

    page = f"/history/{ChangeSet.objects.get().pk}/undo/"
    as_member(alice).post(page, {"rest": "1"})

    ann = Contact.objects.get(pk=ann.pk)
    assert (ann.owner_id, ann.title) == (bob.pk, "Chief")


def test_the_history_of_others_is_not_found(as_member, alice, bob, eve):
    (hers,) = create_contacts({1: {"given_name": "Zoe"}}, actor=alice.as_actor()).records.values()
    as_member(alice).post("/contacts/bulk/", {"action": "delete", **chosen(hers)})
    url = ChangeSet.objects.get().get_absolute_url()

    for member in (bob, eve):
        assert as_member(member).get(url).status_code == 404
        assert as_member(member).post(f"{url}undo/").status_code == 404


def test_deleting_offers_undo(as_member, bob, ada):
    visitor = as_member(bob)
    response = visitor.post(f"/contacts/{ada.pk}/delete/", follow=True)
    url = f"/trash/contacts/restore/?ids={ada.pk}"

    assert url in response.content.decode()
    back = visitor.post(url)
    assert back.url == f"/contacts/{ada.pk}/"
    assert visitor.get(back.url).status_code == 200


def test_the_trash_shows_what_one_would_see(as_member, alice, bob, ada):
    hidden = create_contact(actor=alice.as_actor(), given_name="Zoe")
    for each in (ada, hidden):
        as_member(alice).post(f"/contacts/{each.pk}/delete/")

    his = as_member(bob).get("/trash/contacts/").context["trash"]

    assert [(str(record), left) for record, left in his.rows] == [("Ada Lovelace", "30 days left")]
    assert as_member(bob).post("/trash/contacts/restore/", {"ids": str(hidden.pk)}).url == (
        "/trash/contacts/"
    )
    assert Contact.objects.get(pk=hidden.pk).deleted_at is not None


def test_only_who_may_destroys(as_member, alice, bob, ada, work):
    as_member(bob).post(f"/contacts/{ada.pk}/delete/")
    sent = {"ids": str(ada.pk)}

    assert as_member(bob).post("/trash/contacts/destroy/", sent).status_code == 403
    assert Contact.objects.filter(pk=ada.pk).exists()
    assert as_member(alice).post("/trash/contacts/destroy/", sent).status_code == 302
    assert not Contact.objects.filter(pk=ada.pk).exists()


@pytest.mark.parametrize(
    "path", ["/history/", "/trash/contacts/", "/duplicates/companies/", "/import/history/"]
)
def test_what_was_done_is_found_among_the_settings(as_member, alice, path):
    visitor = as_member(alice)
    page = visitor.get(path).content.decode()
    menu = page[page.index("settings-menu") :]
    menu = menu[: menu.index("</nav>")]
    workspace = menu[menu.index("<h2>Workspace</h2>") :]

    assert all(url in workspace for url in ("/history/", "/trash/", "/duplicates/", "/members/"))
    assert menu.count('aria-current="page"') == 1
    assert 'aria-label="You are here"' in page


def test_the_import_history_is_in_the_menu_of_those_who_import(as_member, bob, carol):
    link = 'href="/import/history/"'

    assert link in as_member(bob).get("/settings/profile/").content.decode()
    assert link not in as_member(carol).get("/settings/profile/").content.decode()


def test_every_type_has_a_trash(as_member, alice):
    visitor = as_member(alice)

    assert visitor.get("/trash/").status_code == 302
    for record_type in record_types():
        assert visitor.get(f"/trash/{record_type.menu.slug}/").status_code == 200
    assert visitor.get("/trash/nothing/").status_code == 404
    assert now()


def test_two_records_are_merged_side_by_side_and_taken_apart(as_member, bob, two):
    first, second = two
    update_contact(second, actor=bob.as_actor(), changes={"title": "Boss", "language": "de"})
    visitor = as_member(bob)
    led = visitor.post("/contacts/bulk/", {"action": "merge", "ids": [str(e.pk) for e in two]})

    page = visitor.get(led.url)
    response = visitor.post(
        "/contacts/merge/",
        {
            "ids": f"{first.pk},{second.pk}",
            "survivor": str(first.pk),
            "choose-given_name": str(second.pk),
            "choose-title": str(first.pk),
        },
        follow=True,
    )

    differing = [field.name for field in page.context["merge"].differing]
    assert differing == ["given_name", "title", "language"]
    (one,) = Contact.objects.all()
    assert (one.pk, one.given_name, one.title, one.language) == (first.pk, "Ben", "", "de")
    assert "2 contacts merged into one." in response.content.decode()
    old = visitor.get(f"/contacts/{second.pk}/")
    assert (old.status_code, old.url) == (302, f"/contacts/{first.pk}/")
    visitor.post(f"/history/{ChangeSet.objects.get().pk}/undo/")
    assert {each.given_name for each in Contact.objects.all()} == {"Ann", "Ben"}


def test_one_record_leads_to_those_that_are_probably_the_same(as_member, bob, alice):
    ann, twin, other = (
        create_contact(actor=bob.as_actor(), given_name=given, family_name=family)
        for given, family in (("Ann", "Summers"), ("Ann", "Summers"), ("Ben", "Winter"))
    )
    create_contact(actor=alice.as_actor(), given_name="Ann", family_name="Summers")
    visitor = as_member(bob)

    start = visitor.get("/contacts/merge/", {"ids": str(ann.pk)}).context["start"]
    found = visitor.get("/contacts/merge/", {"ids": str(ann.pk), "with": "wint"}).context["start"]

    # Alice's is not his to see.
    place = f"/contacts/merge/?ids={ann.pk}"
    assert [(each.record, each.url) for each in start.likely] == [(twin, f"{place},{twin.pk}")]
    assert [(each.record, each.url) for each in found.found] == [(other, f"{place},{other.pk}")]
    assert place in visitor.get(f"/contacts/{ann.pk}/").content.decode()


def test_merging_says_what_belongs_to_each(as_member, bob, initech):
    sister = create_company(actor=bob.as_actor(), name="Initrode")
    create_company(actor=bob.as_actor(), name="Initrode France", parent=sister.pk)
    people = {
        number: {"given_name": f"P{number}", "companies": [{"company": sister.pk}]}
        for number in range(2)
    }
    create_contacts(people, actor=bob.as_actor())
    add_note(sister, html="<p>Calls back</p>", actor=bob.as_actor())

    page = as_member(bob).get("/companies/merge/", {"ids": f"{initech.pk},{sister.pk}"})

    sides = dict(page.context["merge"].sides)
    assert sides[sister] == ["2 contacts", "1 subsidiary", "1 note"]
    assert sides[initech] == []
    assert "1 subsidiary" in page.content.decode()


def test_work_under_way_is_told_of_on_every_page_of_whoever_began_it(as_member, bob, alice, two):
    the_set = begin_bulk(
        CONTACTS,
        chosen=Chosen(tuple(each.pk for each in two), None),
        order=Order(action="edit", field="title", value="Boss"),
        actor=bob.as_actor(),
    )
    toast = f"/history/{the_set.pk}/toast/"

    assert as_member(bob).get("/companies/").content.decode().count(toast) == 1
    assert toast not in as_member(alice).get("/companies/").content.decode()
    carry_on(the_set.pk)
    assert toast not in as_member(bob).get("/companies/").content.decode()


def test_nobody_merges_what_they_may_not_change(as_member, carol, bob, alice, two):
    hidden = create_contact(actor=alice.as_actor(), given_name="Zoe")
    ids = ",".join(str(each.pk) for each in two)

    assert as_member(carol).get("/contacts/merge/", {"ids": ids}).status_code == 403
    alone = as_member(bob).get("/contacts/merge/", {"ids": f"{two[0].pk},{hidden.pk}"})
    assert alone.status_code == 302
