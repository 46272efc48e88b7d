"""A list that was set up once opens again, for one person or for everybody."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from core.events.models import Event
from crm.customers.operations.companies import create_companies
from crm.views.models import Pin, SavedView
from crm.views.operations import (
    arrange_pins,
    create_view,
    delete_view,
    pin_view,
    set_default_view,
    share_view,
    unpin_view,
    update_view,
)
from crm.views.reading import pinned, views_of
from tests.conftest import nothing_written

QUERY = "filter=employees:above:10&sort=-employees"


class Views:
    """Saved views through a page or through the API."""

    def __init__(self, kind, as_member):
        self.kind, self.as_member = kind, as_member

    def create(self, member, **said):
        if self.kind == "page":
            return self.as_member(member).post("/views/", said)
        body = json.dumps({**said, "is_shared": bool(said.get("is_shared"))})
        return self.as_member(member).post("/api/v1/views/", body, content_type="application/json")

    def change(self, member, view, action, **said):
        if self.kind == "page":
            return self.as_member(member).post(f"/views/{view.pk}/", {"action": action, **said})
        visitor, url = self.as_member(member), f"/api/v1/views/{view.pk}/"
        if action == "delete":
            return visitor.delete(url)
        body = {**said, **SAID.get(action, {})}
        return visitor.patch(url, json.dumps(body), content_type="application/json")

    def arrange(self, member, views):
        ids = [str(view.pk) for view in views]
        if self.kind == "page":
            return self.as_member(member).post("/favourites/order/", {"ids": ids})
        body, url = json.dumps({"ids": ids}), "/api/v1/views/order/"
        return self.as_member(member).post(url, body, content_type="application/json")


SAID = {
    "share": {"is_shared": True},
    "unshare": {"is_shared": False},
    "default": {"is_default": True},
    "undefault": {"is_default": False},
    "pin": {"is_pinned": True},
    "unpin": {"is_pinned": False},
}


@pytest.fixture(params=["page", "api"])
def views(request, as_member):
    return Views(request.param, as_member)


@pytest.fixture
def companies(alice):
    rows = {name: {"name": name, "employees": count} for name, count in SIZES.items()}
    return create_companies(rows, actor=alice.as_actor()).records


SIZES = {"Acorn": 5, "Birch": 50, "Cedar": 500}


@pytest.fixture
def big(alice):
    return create_view(actor=alice.as_actor(), record_type="company", name="Big", query=QUERY)


def shown(as_member, member, **params):
    return as_member(member).get("/companies/", params).context


def names(context):
    return [row.title for row in context["list"].rows]


def test_a_view_is_saved_and_opens_the_same_list(views, as_member, alice, companies):
    response = views.create(alice, record_type="company", name=" Big  ones ", query=QUERY)

    assert response.status_code in (201, 302)
    view = SavedView.objects.get()
    assert (view.name, view.owner, view.is_shared) == ("Big ones", alice, False)
    context = shown(as_member, alice, view=str(view.pk))
    assert names(context) == ["Cedar", "Birch"]
    assert context["views"].current == view
    assert not context["views"].is_changed


def test_what_a_view_says_is_sealed(big):
    with connection.cursor() as cursor:
        cursor.execute("SELECT v::text FROM views_savedview v")
        stored = cursor.fetchone()[0]

    assert "Big" not in stored
    assert "employees" not in stored


def test_a_changed_view_offers_to_save_or_cancel(as_member, alice, companies, big):
    context = shown(as_member, alice, view=str(big.pk), filter="employees:above:100")

    assert names(context) == ["Cedar"]
    assert context["views"].is_changed
    assert context["views"].cancel_url == f"/companies/?view={big.pk}"
    moved = shown(as_member, alice, view=str(big.pk), page="1")
    assert not moved["views"].is_changed


def test_saving_keeps_the_list_as_it_is_now(views, alice, big):
    views.change(alice, big, "save", query="sort=name&page=3&view=x")

    big.refresh_from_db()
    assert big.query == "sort=name"


def test_a_view_is_renamed_and_deleted(views, alice, big):
    views.change(alice, big, "rename", name="Huge")
    big.refresh_from_db()
    assert big.name == "Huge"

    views.change(alice, big, "delete")
    assert not SavedView.objects.exists()
    said = Event.objects.filter(name__startswith="view.").order_by("occurred_at")
    assert [event.name for event in said] == ["view.created", "view.updated", "view.deleted"]


def test_private_views_are_nobody_elses(views, as_member, alice, bob, big):
    with nothing_written(SavedView):
        for action in ("save", "rename", "delete", "share", "pin"):
            assert views.change(bob, big, action, name="x", query="").status_code == 404

    assert shown(as_member, bob, view=str(big.pk))["views"].current is None
    assert as_member(bob).get("/api/v1/views/").json() == []


def test_a_shared_view_is_everybodys_to_open_and_its_owners_to_change(
    views, as_member, alice, bob, companies, big
):
    views.change(alice, big, "share")

    assert shown(as_member, bob, view=str(big.pk))["views"].current == big
    with nothing_written(SavedView):
        for action in ("save", "rename", "delete", "unshare"):
            said = {"save": {"query": "sort=name"}, "rename": {"name": "Mine"}}.get(action, {})
            assert views.change(bob, big, action, **said).status_code == 403


def test_sharing_needs_the_permission(views, carol):
    own = create_view(actor=carol.as_actor(), record_type="company", name="Mine")

    with nothing_written(SavedView):
        assert views.change(carol, own, "share").status_code == 403
        shared = {"record_type": "company", "name": "Ours", "is_shared": "1"}
        assert views.create(carol, **shared).status_code == 403


def test_lists_open_with_the_view_chosen_for_all(views, as_member, alice, bob, companies, big):
    assert views.change(alice, big, "default").status_code in (302, 400)
    big.refresh_from_db()
    assert not big.is_default

    share_view(big, actor=alice.as_actor(), is_shared=True)
    views.change(alice, big, "default")

    assert shown(as_member, bob)["views"].current == big
    assert shown(as_member, bob, view="standard")["views"].current is None
    assert views.change(bob, big, "undefault").status_code == 403
    views.change(alice, big, "unshare")
    big.refresh_from_db()
    assert (big.is_shared, big.is_default) == (False, False)


def test_there_is_one_view_lists_open_with(alice, big):
    other = create_view(actor=alice.as_actor(), record_type="company", name="Other", is_shared=True)
    share_view(big, actor=alice.as_actor(), is_shared=True)
    for view in (big, other):
        set_default_view(view, actor=alice.as_actor(), is_default=True)

    assert list(SavedView.objects.filter(is_default=True)) == [other]


def test_pinned_views_stand_beside_every_page_in_their_order(views, as_member, alice, big):
    small = create_view(actor=alice.as_actor(), record_type="company", name="Small ones")
    for view in (small, big, small):
        views.change(alice, view, "pin")

    text = as_member(alice).get("/contacts/").content.decode()
    assert text.index("Small ones") < text.index(f"?view={big.pk}")
    views.change(alice, small, "unpin")
    assert "Small ones" not in as_member(alice).get("/contacts/").content.decode()
    assert Pin.objects.count() == 1


def test_pinned_views_are_put_in_order(views, as_member, alice, bob, big):
    small = create_view(actor=alice.as_actor(), record_type="company", name="Small ones")
    for view in (big, small):
        pin_view(view, actor=alice.as_actor())

    assert views.arrange(bob, [small, big]).status_code in (200, 204)
    assert [view.name for view in pinned(views_of(alice.as_actor()))] == ["Big", "Small ones"]
    assert views.arrange(alice, [small, big]).status_code in (200, 204)
    assert [view.name for view in pinned(views_of(alice.as_actor()))] == ["Small ones", "Big"]
    arrange_pins([big.pk], actor=alice.as_actor())
    assert [view.name for view in pinned(views_of(alice.as_actor()))] == ["Big", "Small ones"]


def test_a_copy_is_ones_own(as_member, alice, bob, big):
    share_view(big, actor=alice.as_actor(), is_shared=True)

    as_member(bob).post(f"/views/{big.pk}/", {"action": "duplicate"})

    copy = SavedView.objects.get(owner=bob)
    assert (copy.name, copy.query, copy.is_shared) == ("Copy of Big", big.query, False)


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"query": "filter=salary:is:1"}, "filter"),
        ({"query": "filter=(("}, "filter"),
        ({"query": "x" * 9_000}, "query"),
        ({"query": "&".join(f"a{n}=1" for n in range(90))}, "query"),
        ({"record_type": "secret"}, "record_type"),
    ],
)
def test_what_cannot_be_saved_is_said(said, path, alice, views):
    values = {"record_type": "company", "name": "Big", "query": "", **said}

    with nothing_written(SavedView):
        response = views.create(alice, **values)
        with pytest.raises(ValidationError):
            create_view(actor=alice.as_actor(), **values)

    assert response.status_code in (302, 400, 404)


def test_the_api_lists_what_a_view_shows(as_member, alice, bob, companies, big):
    visitor = as_member(alice)

    def listed(visitor, **params):
        return visitor.get("/api/v1/companies/", {"view": str(big.pk), **params})

    assert [row["name"] for row in listed(visitor).json()["results"]] == ["Cedar", "Birch"]
    first = listed(visitor, page_size="1").json()
    following = visitor.get(first["next"].replace("http://testserver", "")).json()
    assert [row["name"] for row in following["results"]] == ["Birch"]
    own = listed(visitor, filter="name:is:acorn").json()
    assert [row["name"] for row in own["results"]] == ["Acorn"]
    assert listed(as_member(bob)).status_code == 404
    assert visitor.get("/api/v1/companies/", {"view": "x"}).status_code == 404
    assert visitor.get("/api/v1/contacts/", {"view": str(big.pk)}).status_code == 404


def test_operations_ask_for_permission(alice, bob, big):
    share_view(big, actor=alice.as_actor(), is_shared=True)
    actor = bob.as_actor()
    refused = (
        lambda: update_view(big, actor=actor, changes={"name": "x"}),
        lambda: delete_view(big, actor=actor),
        lambda: set_default_view(big, actor=actor, is_default=True),
    )

    for attempt in refused:
        with pytest.raises(PermissionDenied):
            attempt()
    pin_view(big, actor=actor)
    unpin_view(big, actor=actor)
    assert not Pin.objects.exists()
