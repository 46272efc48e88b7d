"""The trash: what is there, what is not seen, and how it ends."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.timezone import now

from compliance.encryption.errors import SealingError
from compliance.encryption.values import seal_value
from core.events.models import Event
from core.records.writing import RecordInUse
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.reach import ContactEmail
from crm.customers.operations.companies import (
    create_company,
    delete_companies,
    delete_company,
    destroy_companies,
    restore_companies,
)
from crm.customers.operations.contacts import (
    delete_contact,
    delete_contacts,
    destroy_contacts,
    restore_contacts,
    update_contact,
)
from crm.history import jobs
from crm.history.models import Change, ChangeSet, MergedRecord, Portion
from crm.history.operations.tidying import forget_what_cannot_be_undone
from tests.conftest import nothing_written
from tests.crm.customers.conftest import events_of


def long_ago(model, pk, days=31):
    model.objects.filter(pk=pk).update(deleted_at=now() - timedelta(days=days))


def test_what_lies_in_the_trash_is_seen_nowhere(door, bob, ada, initech):
    delete_contacts([ada.pk], actor=bob.as_actor())

    assert door.names(bob, "contacts") == []
    assert door.names(bob, "contacts", search="ada") == []
    assert door.names(bob, "contacts", search="ada@initech.com") == []
    assert door.open(bob, "contacts", ada.pk).status_code == 404
    assert door.update(bob, "contacts", ada.pk, {"given_name": "Eve"}).status_code == 404
    if door.kind == "page":
        card = door.open(bob, "companies", initech.pk).context["page"].related[0]
        assert (card.count, list(card.rows)) == (0, [])


def test_a_company_in_the_trash_is_no_place_to_work_at(door, bob, ada, initech):
    delete_companies([initech.pk], actor=bob.as_actor())

    shown = door.open(bob, "contacts", ada.pk)

    assert shown.status_code == 200
    if door.kind == "page":
        page = shown.context["page"]
        card = page.related[0]
        assert page.subtitle == ""
        assert (card.count, [(row.label, row.url) for row in card.rows]) == (0, [("Initech", "")])
        assert "In the trash" in shown.content.decode()
    changes = {"companies": [{"company": str(initech.pk), "title": "Chief"}]}
    update_contact(ada, actor=bob.as_actor(), changes=changes)
    restore_companies([initech.pk], actor=bob.as_actor())
    assert [each.title for each in Contact.objects.get().places] == ["Chief"]


def test_saving_a_contact_keeps_the_place_at_a_company_in_the_trash(as_member, bob, ada, initech):
    visitor, url = as_member(bob), f"/contacts/{ada.pk}/edit/"
    delete_companies([initech.pk], actor=bob.as_actor())
    page = visitor.get(url)
    form = page.context["form"]
    sent = {
        bound.html_name: bound.value()
        for part in (form, *(each for rows in form.formsets.values() for each in rows.forms))
        for bound in part
        if bound.value() not in (None, False)
    }
    for rows in form.formsets.values():
        sent |= {each.html_name: each.value() for each in rows.management_form}

    answer = visitor.post(url, {**sent, "description": "Calls back"})

    assert "This company is in the trash." in page.content.decode()
    assert answer.status_code == 302
    ada.refresh_from_db()
    assert ada.description == "Calls back"
    restore_companies([initech.pk], actor=bob.as_actor())
    assert [each.company for each in Contact.objects.get().places] == [initech]


def test_a_record_comes_back_as_it_was(bob, ada):
    before = Contact.objects.values("updated_at", "owner_id", "title").get()
    actor = bob.as_actor()

    delete_contact(ada, actor=actor)
    ada.refresh_from_db()
    assert (ada.deleted_by_id, ada.version) == (bob.pk, 2)
    restore_contacts([ada.pk], actor=actor)

    ada.refresh_from_db()
    assert Contact.objects.values("updated_at", "owner_id", "title").get() == before
    assert (ada.deleted_at, ada.deleted_by_id, ada.version) == (None, None, 3)
    assert [event.name for event in events_of("contact")] == [
        "contact.created", "contact.deleted", "contact.restored",
    ]  # fmt: skip


def test_a_company_others_belong_to_stays(bob, initech):
    child = create_company(actor=bob.as_actor(), name="Child", parent=initech.pk)

    with nothing_written(Company, Event, ChangeSet, Portion), pytest.raises(RecordInUse):
        delete_company(initech, actor=bob.as_actor())

    delete_company(child, actor=bob.as_actor())
    delete_company(initech, actor=bob.as_actor())
    assert not Company.objects.visible_to(bob.as_actor()).exists()


def test_destroying_ends_the_row_its_changes_and_its_key(alice, bob, ada, work):
    update_contact(ada, actor=bob.as_actor(), changes={"title": "Countess"})
    delete_contact(ada, actor=bob.as_actor())

    batch = destroy_contacts([ada.pk], actor=alice.as_actor())
    work()

    assert list(batch.records) == [ada.pk]
    assert not Contact.objects.exists()
    assert not ContactEmail.objects.exists()
    assert not Change.objects.filter(record_id=ada.pk).exists()
    with pytest.raises(SealingError):
        seal_value(b"x", uid="crm.contact.title", row=ada.pk, subject=ada.pk)
    assert events_of().filter(name="contact.destroyed", subject_id=ada.pk).count() == 1


def test_only_who_may_destroys_and_only_what_was_deleted(alice, bob, ada, initech):
    with nothing_written(Contact, Event):
        assert destroy_contacts([ada.pk], actor=alice.as_actor()).records == {}
    delete_contact(ada, actor=bob.as_actor())

    with nothing_written(Contact, Event):
        refusals = destroy_contacts([ada.pk], actor=bob.as_actor()).refusals
    assert isinstance(refusals[ada.pk], PermissionDenied)


def test_after_thirty_days_the_trash_is_emptied(bob, alice, ada, initech, work):
    child = create_company(actor=bob.as_actor(), name="Child", parent=initech.pk)
    delete_companies([child.pk, initech.pk], actor=bob.as_actor())
    delete_contact(ada, actor=bob.as_actor())
    long_ago(Contact, ada.pk)
    long_ago(Company, initech.pk)
    long_ago(Company, child.pk, days=29)

    jobs.empty_trash.enqueue()
    work()

    assert not Contact.objects.exists()
    (left,) = Company.objects.all()
    assert (left.pk, left.parent_id) == (child.pk, None)
    restore_companies([child.pk], actor=bob.as_actor())
    assert Company.objects.visible_to(bob.as_actor()).count() == 1
    assert destroy_companies([child.pk], actor=alice.as_actor()).records == {}


def test_what_cannot_be_undone_any_more_is_forgotten(bob, ada):
    delete_contact(ada, actor=bob.as_actor())
    the_set = ChangeSet.objects.get()
    merged = MergedRecord(record_type="contact", survivor_id=ada.pk, change_set=the_set)
    merged.snapshot = {"said": {}}
    merged.save(force_insert=True)

    assert forget_what_cannot_be_undone(at=now()) == 0
    assert forget_what_cannot_be_undone(at=now() + timedelta(days=31)) == 1

    assert not Portion.objects.exists()
    assert MergedRecord.objects.get().snapshot is None
    assert ChangeSet.objects.count() == 1


def test_the_lists_of_what_is_in_use_have_indexes_of_their_own():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
            " AND indexdef LIKE '%deleted_at IS NULL%'"
        )
        names = {name for (name,) in cursor.fetchall()}

    assert {"contact_by_rank", "contact_changed", "company_by_key", "company_changed"} <= names
