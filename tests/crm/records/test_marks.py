"""Favourites, followed records and records opened lately, through both doors."""

from datetime import timedelta

from django.utils.timezone import now

from crm.bookmarks.models import Bookmark, Visit
from crm.bookmarks.operations import (
    VISITS_KEPT,
    arrange_favourites,
    forget_old_visits,
    note_visit,
    set_bookmark,
)
from crm.bookmarks.reading import favourites, recents
from crm.customers.operations.contacts import create_contact
from tests.conftest import nothing_written


def test_a_star_is_set_once_and_taken_off(desk, bob, ada, as_member):
    for _time in range(2):
        assert desk.mark(bob, ada, "star", is_set=True).status_code in (200, 302)

    assert Bookmark.objects.count() == 1
    assert 'title="Ada Lovelace"' in as_member(bob).get("/search/").content.decode()
    desk.mark(bob, ada, "star", is_set=False)
    assert not Bookmark.objects.exists()


def test_a_star_is_its_members_own(bob, alice, ada):
    set_bookmark(ada, kind="star", is_set=True, actor=bob.as_actor())

    assert [seen.record for seen in favourites(bob.as_actor())] == [ada]
    assert favourites(alice.as_actor()) == []


def test_favourites_keep_the_order_they_were_put_in(bob, ada):
    actor = bob.as_actor()
    grace = create_contact(actor=actor, given_name="Grace", family_name="Hopper")
    for each in (ada, grace):
        set_bookmark(each, kind="star", is_set=True, actor=actor)

    arrange_favourites([grace.pk, ada.pk], actor=actor)

    assert [seen.record for seen in favourites(actor)] == [grace, ada]


def test_favourites_are_put_in_order_by_page_and_program(desk, bob, ada, as_member):
    actor = bob.as_actor()
    grace = create_contact(actor=actor, given_name="Grace", family_name="Hopper")
    for each in (ada, grace):
        set_bookmark(each, kind="star", is_set=True, actor=actor)

    answer = desk.arrange(bob, [grace, ada])

    assert answer.status_code in (200, 204)
    assert [seen.record for seen in favourites(actor)] == [grace, ada]


def test_what_one_may_not_see_any_more_is_no_favourite(desk, bob, alice, ada):
    set_bookmark(ada, kind="star", is_set=True, actor=bob.as_actor())
    ada.owner = alice
    ada.save(update_fields=["owner"])

    assert favourites(bob.as_actor()) == []
    with nothing_written(Bookmark):
        assert desk.mark(bob, ada, "follow", is_set=True).status_code == 404


def test_opened_records_are_remembered_the_last_first(as_member, bob, ada):
    grace = create_contact(actor=bob.as_actor(), given_name="Grace", family_name="Hopper")
    visitor = as_member(bob)
    for each in (ada, grace, ada):
        visitor.get(each.get_absolute_url())

    assert [seen.record for seen in recents(bob.as_actor())] == [ada, grace]
    menu = visitor.get("/search/", headers={"HX-Request": "true"}).content.decode()
    assert menu.index("Ada Lovelace") < menu.index("Grace Hopper")
    names = [each["name"] for each in visitor.get("/api/v1/my-records/recents/").json()]
    assert names == ["Ada Lovelace", "Grace Hopper"]


def test_only_the_latest_visits_are_kept(bob, ada):
    at = now()
    note_visit(ada, actor=bob.as_actor(), at=at - timedelta(days=1))
    Visit.objects.bulk_create(
        Visit(
            member=bob, record_type="contact", record_id=bob.role_id.__class__(int=n), opened_at=at
        )
        for n in range(VISITS_KEPT)
    )

    assert forget_old_visits() == 1
    assert not Visit.objects.filter(record_id=ada.pk).exists()
