"""Long lists are walked by cursors: every row once, forwards and back, whatever lies in between."""

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.records import counting
from core.records.counting import count_of
from core.records.ordering import in_order
from core.records.paging import ListPage, Position
from core.records.registry import record_type_named
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import LifecycleStage
from crm.customers.operations.companies import create_companies, update_company
from crm.customers.operations.contacts import create_contacts

DAY = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def companies(alice):
    """Seventy companies; many share a name, all were changed at one of three instants."""
    rows = {n: {"name": f"Company {n % 23:02}"} for n in range(70)}
    made = create_companies(rows, actor=alice.as_actor()).records
    for number, company in made.items():
        Company.objects.filter(pk=company.pk).update(updated_at=DAY.replace(day=1 + number % 3))
    return made


def walk(visitor, url, step):
    """Return the ids on each page, following the links one way."""
    pages = []
    while url:
        shown = visitor.get(url).context["list"]
        pages.append([row.pk for row in shown.rows])
        url = getattr(shown, step)
    return pages, shown


@pytest.mark.parametrize(
    "sort",
    [
        "name",
        "-name",
        "updated",
        "-updated",
        "employees",
        "stage,-name",
        "-revenue,employees,name",
        "parent,-employees",
        "owner,name",
    ],
)
def test_every_row_comes_once_forwards_and_back(sort, as_member, alice, companies):
    visitor = as_member(alice)

    forwards, last = walk(visitor, f"/companies/?sort={sort}&size=20", "next_url")
    backwards, _first = walk(visitor, last.address, "previous_url")

    assert [len(page) for page in forwards] == [20, 20, 20, 10]
    assert len({pk for page in forwards for pk in page}) == 70
    assert backwards[::-1] == forwards
    assert (last.page.first, last.page.last) == (61, 70)


def test_sealed_names_keep_their_exact_order_from_page_to_page(as_member, alice):
    names = [
        f"{start}{middle}a" for start in ("Sm", "Sn") for middle in "qwertyuiopasdfghjklzxcvbnm"
    ]
    create_contacts({name: {"family_name": name} for name in names}, actor=alice.as_actor())
    visitor = as_member(alice)

    for sort, wanted in (("name", sorted(names)), ("-name", sorted(names, reverse=True))):
        url, shown = f"/contacts/?sort={sort}&size=20", []
        while url:
            page = visitor.get(url).context["list"]
            shown += [row.title for row in page.rows]
            url = page.next_url
        assert shown == wanted


def test_the_api_walks_the_same_way(program_or_member, companies):
    url, found, counts = "/api/v1/companies/?ordering=-updated&page_size=20", [], set()
    while url:
        said = program_or_member(url)
        found.append([row["id"] for row in said["results"]])
        counts.add((said["count"], said["count_is_exact"]))
        url, before = said["next"], said["previous"]

    assert len({pk for page in found for pk in page}) == 70
    assert counts == {(70, True)}
    assert [row["id"] for row in program_or_member(before)["results"]] == found[-2]


@pytest.fixture
def program_or_member(as_member, alice):
    visitor = as_member(alice)

    def get(url):
        response = visitor.get(
            url.replace("http://acme.localhost", "").replace("http://testserver", "")
        )
        assert response.status_code == 200
        return response.json()

    return get


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "[]",
        "[1]",
        '["2026",1]',
        '["nonsense",1]',
        "[null,5]",
        '["2026-03-01",-1]',
        '["a\0b",1]',
        '["2026-03-01",true]',
        '["2026-03-01",1,2]',
        "[[],1]",
        '{"a":1}',
        "[" * 5000,
    ],
)
def test_a_cursor_nobody_wrote_is_the_beginning(cursor, as_member, alice, companies):
    for name in ("at", "before"):
        params = {"sort": "updated", "page": "2", name: cursor, "size": "20"}
        response = as_member(alice).get("/companies/", params)
        assert response.status_code == 200


def test_a_page_after_the_last_is_the_first_and_not_found_in_the_api(as_member, alice, companies):
    visitor = as_member(alice)

    assert len(visitor.get("/companies/?page=99").context["list"].rows) == 50
    assert visitor.get("/api/v1/companies/?page=99").status_code == 404


def test_no_page_skips_a_million_rows(as_member, alice, companies, django_assert_num_queries):
    shown = as_member(alice).get("/companies/?size=20&sort=name").context["list"]
    third = (
        as_member(alice)
        .get(as_member(alice).get(shown.next_url).context["list"].next_url)
        .context["list"]
    )

    assert "at=" in shown.next_url
    assert third.page._skipped == 0


def test_many_rows_are_counted_up_to_a_limit(as_member, alice, companies, monkeypatch):
    monkeypatch.setattr(counting, "MOST_COUNTED", 60)

    filtered = count_of(Company.objects.filter(name__startswith="C"))
    shown = as_member(alice).get("/companies/?size=20").context["list"]
    api = as_member(alice).get("/api/v1/companies/").json()

    assert (filtered.number, filtered.is_exact) == (60, False)
    assert shown.counted == "More than 60 companies"
    assert shown.number == "60+"
    assert shown.page.pages == 0
    assert shown.totals == []
    assert (api["count"], api["count_is_exact"]) == (60, False)
    assert count_of(Contact.objects.all()).is_exact


@pytest.fixture
def uneven(alice):
    """Companies and people of whom many share a value and many have none."""
    random = Random(7)  # noqa: S311  nothing secret
    stages = [*LifecycleStage.objects.order_by("position"), None]
    companies = create_companies(
        {
            number: {
                "name": f"Company {number % 9}",
                "employees": random.choice((None, 5, 50)),
                "revenue": random.choice((None, "1000.50", 7)),
                "industry": random.choice(("", "retail")),
                "lifecycle_stage": random.choice(stages),
            }
            for number in range(45)
        },
        actor=alice.as_actor(),
    ).records
    for number in range(10, 45, 2):
        update_company(
            companies[number], actor=alice.as_actor(), changes={"parent": companies[number % 10]}
        )
    create_contacts(
        {
            number: {
                "family_name": f"Person {number}",
                "title": random.choice(("", "Buyer")),
                "companies": random.choice(([], [{"company": companies[number % 5]}])),
            }
            for number in range(30)
        },
        actor=alice.as_actor(),
    )


@given(data=st.data())
@settings(max_examples=40)
def test_cursors_of_any_order_give_the_rows_as_the_database_orders_them(uneven, data):
    kind = record_type_named(data.draw(st.sampled_from(["company", "contact"])))
    sortable = [each.name for each in kind.listing.columns if each.sort and not each.exact]
    names = data.draw(st.lists(st.sampled_from(sortable), min_size=1, max_size=3, unique=True))
    order = ",".join(data.draw(st.sampled_from(["", "-"])) + name for name in names)
    size = data.draw(st.integers(1, 20))
    rows, position, walked = kind.model.objects.all(), Position(), []

    while True:
        page = ListPage(rows, kind.listing, order, size=size, position=position)
        if walked and "owner" not in names:
            assert page.start is not None
            back = ListPage(rows, kind.listing, order, size=size, position=page.previous)
            assert back.ids == walked[-size:]
        walked += page.ids
        if not page.has_next:
            break
        position = page.next

    assert walked == list(in_order(rows, kind.listing, order).values_list("pk", flat=True))
