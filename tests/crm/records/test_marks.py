"""Favourites, followed records and records opened lately, through both doors."""

import re
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
from crm.views.operations import arrange_all, create_view, pin_view
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


def in_the_sidebar(visitor, path="/search/"):
    """Return what the favourites are called, from the top down."""
    page = visitor.get(path).content.decode()
    part = page[page.index('id="group-favourites"') :]
    return re.findall(r'class="place"[^>]* title="([^"]+)"', part[: part.index("</form>")])


def test_records_and_views_are_one_list_in_one_order(desk, bob, ada, as_member):
    actor = bob.as_actor()
    view = create_view(actor=actor, record_type="contact", name="Mine")
    grace = create_contact(actor=actor, given_name="Grace", family_name="Hopper")
    set_bookmark(ada, kind="star", is_set=True, actor=actor)
    pin_view(view, actor=actor)

    assert desk.arrange(bob, [ada, view]).status_code in (200, 204)
    assert in_the_sidebar(as_member(bob)) == ["Ada Lovelace", "Mine"]
    desk.arrange(bob, [view, ada])
    set_bookmark(grace, kind="star", is_set=True, actor=actor)
    assert in_the_sidebar(as_member(bob)) == ["Mine", "Ada Lovelace", "Grace Hopper"]
    arrange_all([grace.pk, view.pk], actor=actor)
    assert in_the_sidebar(as_member(bob)) == ["Grace Hopper", "Mine", "Ada Lovelace"]


def test_favourites_are_moved_without_script(as_member, bob, ada):
    actor, visitor = bob.as_actor(), as_member(bob)
    view = create_view(actor=actor, record_type="contact", name="Mine")
    set_bookmark(ada, kind="star", is_set=True, actor=actor)
    pin_view(view, actor=actor)
    here = {"next": "/companies/?sort=name"}
    shown = {**here, "ids": f"{ada.pk},{view.pk},"}

    answer = visitor.post("/favourites/order/", {**shown, "up": str(view.pk)})
    assert (answer.status_code, answer.url) == (302, "/companies/?sort=name")
    assert in_the_sidebar(visitor) == ["Mine", "Ada Lovelace"]
    visitor.post("/favourites/order/", {"ids": f"{view.pk},{ada.pk}", "down": str(view.pk)})
    assert in_the_sidebar(visitor) == ["Ada Lovelace", "Mine"]
    # The last goes no further, and nobody is sent to another host.
    answer = visitor.post(
        "/favourites/order/", {**shown, "down": str(view.pk), "next": "https://elsewhere.test/"}
    )
    assert answer.url == "/"
    assert in_the_sidebar(visitor) == ["Ada Lovelace", "Mine"]


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
