"""Lists are the same wherever they come from: the address decides all of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.records import exactness
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contacts

# Not the list's own: whose session it is, the member with their role, the request's savepoint, and
# what the frame around every page shows: the bell, favourites, saved views.
BEFORE = (
    'FROM "notifications_notification"',
    'FROM "bookmarks_bookmark"',
    'FROM "views_savedview"',
    'FROM "tenants_',
    'FROM "members_session"',
    'JOIN "members_role"',
    "SAVEPOINT",
    "SET LOCAL",
)


@pytest.fixture
def people(alice):
    tag, stage = Tag.objects.get(key="vip"), LifecycleStage.objects.get(key="customer")
    company = create_company(actor=alice.as_actor(), name="Initech")
    rows = {
        number: {
            "given_name": "Jo",
            "family_name": f"Person {number:02}",
            "phones": [{"number": f"+44207946{number:04}"}],
            "companies": [{"company": company.pk}],
            "tags": [tag.pk],
            "lifecycle_stage": stage.pk,
        }
        for number in range(25)
    }
    return list(create_contacts(rows, actor=alice.as_actor()).records.values())


def _statements(visitor, url, **params):
    with CaptureQueriesContext(connection) as captured:
        assert visitor.get(url, params).status_code == 200
    sqls = [query["sql"] for query in captured.captured_queries]
    return [sql for sql in sqls if not any(known in sql for known in BEFORE)]


def test_pages_follow_each_other_without_a_gap(as_member, alice, people):
    visitor = as_member(alice)

    first = visitor.get("/contacts/", {"size": "20", "sort": "name"}).context["list"]
    second = visitor.get("/contacts/", {"size": "20", "sort": "name", "page": "2"}).context["list"]

    assert (len(first.rows), len(second.rows)) == (20, 5)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
    assert first.counted == "25 contacts"


def test_the_order_of_sealed_names_is_exact_across_pages(as_member, alice, monkeypatch):
    names = [f"Sm{letter}th" for letter in "qkzbxuaewmcrntdpfgyjhivlos"]
    rows = {name: {"family_name": name} for name in [*names, "Abel", "Zola"]}
    create_contacts(rows, actor=alice.as_actor())
    visitor = as_member(alice)

    def shown(**params):
        pages = [{"size": "20", "page": str(number), **params} for number in (1, 2)]
        lists = [visitor.get("/contacts/", page).context["list"] for page in pages]
        return [row.title for page in lists for row in page.rows]

    assert shown(sort="name") == ["Abel", *sorted(names), "Zola"]
    monkeypatch.setattr(exactness, "AROUND", (2, 100))
    assert shown(sort="-name") == ["Zola", *sorted(names, reverse=True), "Abel"]
    monkeypatch.setattr(exactness, "AROUND", (2, 3))
    assert sorted(shown(sort="name")) == ["Abel", *sorted(names), "Zola"]
    assert shown(sort="name")[:20] == ["Abel", *sorted(shown(sort="name")[1:20])]


def test_people_without_a_name_come_last_and_once(as_member, alice):
    rows = {number: {"emails": [{"email": f"{number}@x.test"}]} for number in range(25)}
    create_contacts(rows | {"Abel": {"family_name": "Abel"}}, actor=alice.as_actor())
    visitor = as_member(alice)

    first = visitor.get("/contacts/", {"size": "20", "sort": "name"}).context["list"].rows
    second = visitor.get("/contacts/", {"size": "20", "sort": "name", "page": "2"})

    assert first[0].title == "Abel"
    rest = second.context["list"].rows
    assert len({row.pk for row in (*first, *rest)}) == 26


def test_a_first_page_that_is_not_full_needs_no_counting(as_member, alice, people):
    visitor = as_member(alice)
    visitor.get("/contacts/")

    assert not [sql for sql in _statements(visitor, "/contacts/") if "COUNT(" in sql]


def test_htmx_gets_the_part_and_a_clean_address(as_member, alice, people):
    headers = {"HX-Request": "true", "HX-Target": "records"}

    response = as_member(alice).get("/contacts/", {"search": "jo", "owner": ""}, headers=headers)

    assert response.content.lstrip().startswith(b'<div id="records"')
    assert response.headers["HX-Push-Url"] == "/contacts/?search=jo"


def test_an_unknown_column_or_size_changes_nothing(as_member, alice, people):
    shown = (
        as_member(alice)
        .get("/contacts/", {"sort": "salary", "size": "7", "page": "x"})
        .context["list"]
    )

    assert (shown.order, shown.size, shown.page.number) == ("-updated", 50, 1)
    assert len(shown.rows) == 25


def test_chips_say_what_is_filtered_and_take_it_off(as_member, alice, people):
    stage = LifecycleStage.objects.get(key="customer")

    shown = (
        as_member(alice)
        .get("/contacts/", {"lifecycle_stage": str(stage.pk), "sort": "name"})
        .context["list"]
    )

    chip = shown.chips[0]
    assert (str(chip.label), str(chip.value), chip.url) == (
        "Stage",
        "Customer",
        "/contacts/?sort=name",
    )


def test_nothing_yet_differs_from_nothing_found(as_member, alice):
    visitor = as_member(alice)

    assert "No contacts yet" in visitor.get("/contacts/").content.decode()
    create_company(actor=alice.as_actor(), name="Initech")
    text = visitor.get("/companies/", {"search": "zzz"}).content.decode()
    assert "Nothing matches" in text
    assert "1 company without search and filters." in text


def test_a_role_without_the_record_type_is_told_so(as_member, bob):
    bob.role.grants = ["customers.view_company:own"]
    bob.role.save(update_fields=["grants"])
    visitor = as_member(bob)

    response = visitor.get("/contacts/")

    assert response.status_code == 403
    assert "Your role does not include Contacts" in response.content.decode()
    assert 'href="/contacts/"' not in visitor.get("/companies/").content.decode()


def test_a_viewer_is_not_offered_what_they_may_not_do(as_member, carol, people):
    text = as_member(carol).get(people[0].get_absolute_url()).content.decode()

    assert "/edit/" not in text
    assert "/delete/" not in text
    assert "/contacts/new/" not in as_member(carol).get("/contacts/").content.decode()
