"""The ways from a record to those beside it in the list it was opened from."""

import re
from html import unescape

import pytest

from crm.customers.operations.contacts import create_contact

NAMES = [f"Person {number:02}" for number in range(25)]


@pytest.fixture
def people(bob):
    return [
        create_contact(
            actor=bob.as_actor(), family_name=name, title="Even" if n % 2 == 0 else "Odd"
        )
        for n, name in enumerate(NAMES)
    ]


def way(html: str, label: str) -> str:
    found = re.search(rf'href="([^"]+)" aria-label="{label}"', html)
    return unescape(found[1]) if found else ""


def walk(visitor, first: str, label: str) -> list[str]:
    """Return the names of the records on the way, from the first to the last."""
    names, address = [], first
    while address:
        page = visitor.get(address).context["page"]
        names.append(page.title)
        beside = visitor.get(page.neighbours_url, headers={"HX-Request": "true"}).content.decode()
        address = way(beside, label)
    return names


def first_link(visitor, **params) -> str:
    html = visitor.get("/contacts/", params).content.decode()
    return unescape(re.search(r'<th scope="row".*?<a href="([^"]+)"', html, re.DOTALL)[1])


def test_one_walks_through_a_list_in_its_order_from_page_to_page(as_member, bob, people):
    visitor = as_member(bob)

    there = walk(visitor, first_link(visitor, sort="name", size="20"), "Next record")
    back = walk(visitor, first_link(visitor, sort="-name", size="20"), "Next record")

    assert there == NAMES
    assert back == NAMES[::-1]


def test_one_walks_back_too_and_only_through_what_is_filtered(as_member, bob, people):
    visitor = as_member(bob)
    last = first_link(visitor, sort="-name", size="20", filter="title:is:Odd")

    assert walk(visitor, last, "Next record") == NAMES[23::-2]


def test_the_tab_stays_while_one_walks(as_member, bob, people):
    visitor = as_member(bob)
    address = first_link(visitor, sort="name", size="20")
    tabs = []
    for _step in range(22):
        page = visitor.get(address).context["page"]
        tabs.append(page.tab)
        address = next(each["url"] for each in page.tabs if each["label"] == "Files")
        page = visitor.get(address).context["page"]
        beside = visitor.get(page.neighbours_url, headers={"HX-Request": "true"}).content.decode()
        address = way(beside, "Next record")

    assert tabs == ["timeline", *["files"] * 21]


def test_the_number_in_the_list_is_told(as_member, bob, people):
    visitor = as_member(bob)
    page = visitor.get(first_link(visitor, sort="name")).context["page"]

    html = visitor.get(page.neighbours_url, headers={"HX-Request": "true"}).content.decode()

    assert "1 of 25" in html
    assert way(html, "Previous record") == ""
    assert 'href="/contacts/?sort=name"' in html


def test_a_record_opened_by_itself_has_no_neighbours(as_member, bob, people):
    html = as_member(bob).get(people[0].get_absolute_url()).content.decode()

    assert "/neighbours/" not in html


def test_a_list_that_does_not_hold_the_record_says_only_the_way_back(as_member, bob, people):
    visitor = as_member(bob)
    address = f"/contacts/{people[0].pk}/neighbours/"

    html = visitor.get(address, {"list": "filter=title:is:Odd"}).content.decode()

    assert "Back to the list" in html
    assert way(html, "Next record") == ""


def test_what_is_done_on_a_record_leads_back_to_it_within_its_list(as_member, bob, ada):
    here = f"{ada.get_absolute_url()}?list=sort%3Dname"
    visitor = as_member(bob)

    note = visitor.post(
        f"/contacts/{ada.pk}/notes/",
        {"html": "<p>Called</p>"},
        headers={"Referer": f"http://testserver{here}"},
    )
    form = visitor.get(f"/contacts/{ada.pk}/edit/?list=sort%3Dname").content.decode()
    edited = visitor.post(f"/contacts/{ada.pk}/edit/?list=sort%3Dname", {"given_name": "Ada"})
    elsewhere = visitor.post(
        f"/contacts/{ada.pk}/notes/",
        {"html": "<p>Again</p>"},
        headers={"Referer": "http://testserver/search/?list=x"},
    )

    assert note.url == here
    assert f'href="{here}"' in form
    assert edited.url == here
    assert f"/contacts/{ada.pk}/edit/?list=sort%3Dname" in visitor.get(here).content.decode()
    assert elsewhere.url == ada.get_absolute_url()
