"""Doing one thing to many records, and taking it back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_companies, create_company
from crm.customers.operations.contacts import create_contacts, update_contact
from crm.customers.records import COMPANIES, CONTACTS
from crm.history import jobs
from crm.history.choosing import Chosen
from crm.history.jobs import do_now_or_later
from crm.history.journal import begin_change_set, continuing, finish_change_set
from crm.history.models import Change, ChangeSet, Portion
from crm.history.operations.bulk import CannotBeDone, NothingChosen, begin_bulk
from crm.history.operations.undoing import NotUndoable, begin_undo
from crm.history.orders import Order
from crm.history.running import carry_on
from tests.conftest import nothing_written
from tests.crm.customers.conftest import events_of


def bulk(member, *records, kind=CONTACTS, query=None, **order):
    chosen = Chosen(tuple(each.pk for each in records), query)
    return do_now_or_later(
        begin_bulk(kind, chosen=chosen, order=Order(**order), actor=member.as_actor())
    )


def undo(member, the_set):
    the_set.refresh_from_db()
    return do_now_or_later(begin_undo(the_set, actor=member.as_actor(), at=now()))


def people(member, count, **values):
    rows = {number: {"given_name": f"Person {number}", **values} for number in range(count)}
    return list(create_contacts(rows, actor=member.as_actor()).records.values())


def said(record_type, member):
    """Return what all records say that the member sees, by id."""
    rows = record_type.model.objects.visible_to(member.as_actor())
    many = record_type.operations.many
    return {each.pk: many.says(each, many.names) for each in record_type.page.prepare(rows)}


def test_a_field_of_several_records_is_changed_and_changed_back(alice):
    everybody = people(alice, 3, title="Clerk")
    before = said(CONTACTS, alice)

    the_set = bulk(alice, *everybody, action="edit", field="title", value="Boss")

    assert (the_set.state, the_set.updated, the_set.refused) == (ChangeSet.State.DONE, 3, 0)
    assert {each.title for each in Contact.objects.all()} == {"Boss"}
    undone = undo(alice, the_set)
    the_set.refresh_from_db()
    assert said(CONTACTS, alice) == before
    assert (the_set.state, the_set.undone_by_id) == (ChangeSet.State.UNDONE, alice.pk)
    assert (undone.state, undone.updated) == (ChangeSet.State.DONE, 3)


def test_who_gave_records_away_can_take_that_back(alice, bob):
    mine = people(bob, 2)

    the_set = bulk(bob, *mine, action="assign", field="owner", value=str(alice.pk))

    assert not Contact.objects.visible_to(bob.as_actor()).exists()
    undo(bob, the_set)
    assert Contact.objects.visible_to(bob.as_actor()).count() == 2


def test_tags_are_added_to_those_there_are_and_taken_off(alice, vip):
    partner = vip.__class__.objects.get(key="partner")
    first, second = people(alice, 2, tags=[partner.pk])

    the_set = bulk(alice, first, second, action="tag", field="tags", value=[str(vip.pk)])
    assert {tag.key for tag in Contact.objects.get(pk=first.pk).tag_list} == {"vip", "partner"}
    bulk(alice, second, action="untag", field="tags", value=[str(partner.pk)])
    assert {tag.key for tag in Contact.objects.get(pk=second.pk).tag_list} == {"vip"}

    with pytest.raises(NotUndoable):
        undo(alice, undo(alice, the_set))
    assert {tag.key for tag in Contact.objects.get(pk=first.pk).tag_list} == {"partner"}


def test_deleting_many_moves_them_to_the_trash_and_back(alice, ada):
    before = said(CONTACTS, alice)

    the_set = bulk(alice, ada, action="delete")

    assert said(CONTACTS, alice) == {}
    assert (the_set.kind, the_set.deleted) == (ChangeSet.Kind.DELETE, 1)
    undo(alice, the_set)
    assert said(CONTACTS, alice) == before
    names = [event.name for event in events_of().filter(subject_id=ada.pk)]
    assert names == ["contact.created", "contact.deleted", "contact.restored"]


def test_companies_go_with_those_that_belong_to_them(alice):
    parent = create_company(actor=alice.as_actor(), name="Parent")
    child = create_company(actor=alice.as_actor(), name="Child", parent=parent.pk)
    lonely = create_company(actor=alice.as_actor(), name="Other parent")
    create_company(actor=alice.as_actor(), name="Staying", parent=lonely.pk)

    the_set = bulk(alice, parent, child, lonely, kind=COMPANIES, action="delete")

    assert (the_set.deleted, the_set.refused) == (2, 1)
    (entry,) = the_set.portions.get(refused__isnull=False).refused
    assert entry["id"] == str(lonely.pk)
    assert "needs this one" in entry["reason"]


def test_all_that_match_a_list_are_meant(alice):
    people(alice, 3, title="Clerk", source="trade_show")
    people(alice, 2)

    the_set = bulk(alice, query="source=trade_show", action="edit", field="title", value="Boss")

    assert (the_set.total, the_set.updated) == (3, 3)
    assert Contact.objects.filter(title="Boss").count() == 3


def test_more_than_a_page_is_a_job(alice, work, monkeypatch):
    monkeypatch.setattr("crm.history.running.PORTION", 40)
    people(alice, 130)

    the_set = bulk(alice, query="", action="edit", field="title", value="Boss")

    assert (the_set.state, the_set.total) == (ChangeSet.State.RUNNING, 130)
    assert not Contact.objects.filter(title="Boss").exists()
    work()
    the_set.refresh_from_db()
    assert (the_set.state, the_set.updated, the_set.cursor) == (ChangeSet.State.DONE, 130, 4)
    undo(alice, the_set)
    work()
    assert not Contact.objects.filter(title="Boss").exists()
    assert events_of().filter(name="contact.updated").count() == 260


def test_a_worker_that_dies_is_followed_by_another(alice, work, monkeypatch):
    monkeypatch.setattr("crm.history.running.PORTION", 50)
    people(alice, 120)
    the_set = bulk(alice, query="", action="edit", field="title", value="Boss")
    taken = []

    def dies(pk):
        taken.append(pk)
        return len(taken) < 3 and step(pk)

    step = carry_on.__globals__["_step"]
    monkeypatch.setattr("crm.history.running._step", dies)
    carry_on(the_set.pk)
    the_set.refresh_from_db()
    assert (the_set.cursor, the_set.updated) == (1, 50)

    monkeypatch.setattr("crm.history.running._step", step)
    jobs.continue_change_set.enqueue(change_set_id=the_set.pk)
    work()

    the_set.refresh_from_db()
    assert (the_set.state, the_set.updated, Change.objects.count()) == ("done", 120, 120)


def test_undo_leaves_what_somebody_else_changed_since(alice, bob):
    first, second = people(bob, 2, title="Clerk", language="de")
    the_set = bulk(alice, first, second, action="edit", field="title", value="Boss")
    update_contact(first, actor=bob.as_actor(), changes={"title": "Queen"})
    update_contact(second, actor=bob.as_actor(), changes={"language": "en"})

    undone = undo(alice, the_set)

    assert Contact.objects.get(pk=first.pk).title == "Queen"
    assert Contact.objects.get(pk=second.pk).title == "Clerk"
    assert (undone.updated, undone.refused) == (1, 1)
    (entry,) = undone.portions.get(role="revert").refused
    assert entry["id"] == str(first.pk)
    assert bob.name in entry["reason"]


def test_a_value_that_came_back_by_itself_is_no_conflict(alice, bob):
    (first,) = people(bob, 1, title="Clerk")
    the_set = bulk(alice, first, action="edit", field="title", value="Boss")
    update_contact(first, actor=bob.as_actor(), changes={"title": "Queen"})
    update_contact(first, actor=bob.as_actor(), changes={"title": "Boss"})

    undo(alice, the_set)

    assert Contact.objects.get(pk=first.pk).title == "Clerk"


def test_a_record_one_may_not_change_is_refused_and_the_others_are_not(alice, bob):
    (mine,) = people(bob, 1)
    (hers,) = people(alice, 1)

    the_set = bulk(bob, mine, hers, action="edit", field="title", value="Boss")

    assert (the_set.updated, the_set.refused) == (1, 1)
    hers.refresh_from_db()
    assert hers.title == ""


def test_refusals_write_nothing(carol, bob, ada):
    with nothing_written(Contact, ChangeSet, Portion, Change):
        with pytest.raises(PermissionDenied):
            bulk(carol, ada, action="edit", field="title", value="Boss")
        with pytest.raises(CannotBeDone):
            bulk(bob, ada, action="edit", field="emails", value=[])
        with pytest.raises(NothingChosen):
            bulk(bob, action="delete")


def test_nobody_takes_back_what_others_did(alice, bob, carol):
    (mine,) = people(alice, 1)
    the_set = bulk(alice, mine, action="edit", field="title", value="Boss")

    for member in (bob, carol):
        with pytest.raises(PermissionDenied):
            undo(member, the_set)

    assert Contact.objects.get().title == "Boss"


def test_an_import_is_undone_with_what_it_made_and_changed(alice, bob):
    actor = alice.as_actor()
    (known,) = people(alice, 1, title="Clerk")
    before = said(CONTACTS, alice), said(COMPANIES, alice)
    the_set = begin_change_set("import", record_type="contact", actor=actor)
    for _batch in range(2):
        with continuing(the_set.pk):
            made = create_companies({1: {"name": "Initech"}}, actor=actor).only()
            people(alice, 2, companies=[{"company": made.pk}])
            changes = {"title": "Boss", "companies": [{"company": made.pk}]}
            update_contact(known, actor=actor, changes=changes)
    finish_change_set(the_set)

    undo(alice, the_set)

    assert (said(CONTACTS, alice), said(COMPANIES, alice)) == before
    assert Company.objects.filter(deleted_at__isnull=False).count() == 2
