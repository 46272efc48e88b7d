"""Who is told of what."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from crm.bookmarks.operations import set_bookmark
from crm.customers.operations.contacts import create_contacts, update_contact
from crm.customers.records import CONTACTS
from crm.history import running
from crm.history.choosing import Chosen
from crm.history.jobs import do_now_or_later
from crm.history.operations.bulk import begin_bulk
from crm.history.orders import Order
from crm.notes.operations import add_note, change_note
from crm.notifications.models import RETENTION, Notification
from crm.notifications.operations import forget_old_notifications, mark_read, notify
from tests.conftest import leave, nothing_written


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.select_related("member").order_by("pk")
    return [(each.member.given_name or each.member.email, each.kind) for each in rows]


def test_a_mentioned_member_is_told_once(work, bob, alice, ada):
    mention = f'<p>Ask <span data-mention="{alice.pk}">@Alice</span></p>'
    note = add_note(ada, html=mention, actor=bob.as_actor())
    work()
    change_note(note, html=f"{mention}<p>More</p>", actor=bob.as_actor(), at=now())
    work()

    assert [
        (each.member_id, each.kind, each.actor_label) for each in Notification.objects.all()
    ] == [(alice.pk, "mention", "Bob Reed")]


def test_followers_hear_of_changes_by_others_and_not_of_their_own(work, bob, alice, ada):
    for member in (bob, alice):
        set_bookmark(ada, kind="follow", is_set=True, actor=member.as_actor())

    update_contact(ada, actor=alice.as_actor(), changes={"title": "Countess"})
    work()

    assert told() == [("Bob", "change")]


def test_who_may_not_see_the_record_any_more_hears_nothing(work, bob, alice, ada):
    set_bookmark(ada, kind="follow", is_set=True, actor=bob.as_actor())

    update_contact(ada, actor=alice.as_actor(), changes={"owner": alice.pk, "title": "Countess"})
    work()

    assert told() == []


def test_a_new_owner_is_told_and_whoever_takes_a_record_is_not(work, bob, alice, ada):
    update_contact(ada, actor=alice.as_actor(), changes={"owner": alice.pk})
    work()
    assert told() == []

    update_contact(ada, actor=alice.as_actor(), changes={"owner": bob.pk})
    work()
    assert told() == [("Bob", "assigned")]


@pytest.mark.parametrize(("at_once", "told_of"), [(1, [("Bob", "bulk")]), (2, [])])
def test_who_changes_many_records_is_told_when_it_is_done(work, bob, monkeypatch, at_once, told_of):
    monkeypatch.setattr(running, "AT_ONCE", at_once)
    rows = {number: {"given_name": f"Person {number}"} for number in range(2)}
    people = create_contacts(rows, actor=bob.as_actor()).records.values()
    chosen = Chosen(tuple(each.pk for each in people), None)
    order = Order(action="edit", field="title", value="Boss")

    the_set = do_now_or_later(
        begin_bulk(CONTACTS, chosen=chosen, order=order, actor=bob.as_actor())
    )
    work()

    assert told() == told_of
    places = Notification.objects.values_list("path", flat=True)
    assert list(places) == [f"/history/{the_set.pk}/" for _kind in told_of]


def test_a_member_reads_their_own_and_nobody_elses(as_member, bob, alice, ada):
    notify([bob.pk], kind="change", actor=alice.as_actor(), record_type="contact", record_id=ada.pk)
    [one] = Notification.objects.all()

    page = as_member(bob).get("/notifications/").content.decode()
    assert "Ada Lovelace" in page
    assert "Ada Lovelace" not in as_member(alice).get("/notifications/").content.decode()
    with nothing_written(Notification):
        assert as_member(alice).post(f"/notifications/{one.pk}/open/").status_code == 404
    opened = as_member(bob).post(f"/notifications/{one.pk}/open/")
    assert opened["Location"] == ada.get_absolute_url()
    one.refresh_from_db()
    assert one.read_at is not None


@pytest.mark.parametrize("door", ["page", "api"])
def test_all_are_marked_as_read(as_member, bob, alice, ada, door):
    for _time in range(2):
        notify(
            [bob.pk], kind="change", actor=alice.as_actor(), record_type="contact", record_id=ada.pk
        )
    visitor = as_member(bob)
    assert ">2<" in visitor.get("/search/").content.decode()

    if door == "page":
        visitor.post("/notifications/read/")
    else:
        answer = visitor.post("/api/v1/notifications/read/", {}, content_type="application/json")
        assert answer.json() == {"read": 2}

    assert not Notification.objects.unread().exists()


def test_a_notification_about_what_is_gone_says_so(as_member, bob, alice, ada):
    notify(
        [bob.pk], kind="change", actor=alice.as_actor(), record_type="contact", record_id=alice.pk
    )

    assert "A record that is gone" in as_member(bob).get("/notifications/").content.decode()


def test_old_notifications_are_forgotten(bob, alice, ada):
    notify([bob.pk], kind="change", actor=alice.as_actor(), record_type="contact", record_id=ada.pk)

    assert forget_old_notifications(at=now() + RETENTION - timedelta(minutes=1)) == 0
    assert forget_old_notifications(at=now() + RETENTION + timedelta(minutes=1)) == 1


def test_an_inactive_member_is_not_told(bob, alice, ada):
    leave(bob)

    assert notify([bob.pk], kind="change", actor=alice.as_actor()) == 0
    assert mark_read(None, actor=bob.as_actor(), at=now()) == 0
