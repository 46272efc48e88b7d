"""Lists are the same wherever they come from: the address decides all of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contacts

# Not the list's own: whose session it is, and the request's savepoint.
BEFORE = (
    'FROM "tenants_',
    'FROM "django_session"',
    'FROM "members_role"',
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
    own = [sql for sql in sqls if not any(known in sql for known in BEFORE)]
    # The member who is looking is read once; the owners to choose from are the list's own.
    return [sql for sql in own if 'FROM "members_user" WHERE "members_user"."id"' not in sql]


def test_a_list_page_costs_six_statements_however_long(as_member, alice, people):
    visitor = as_member(alice)
    visitor.get("/contacts/")

    assert len(_statements(visitor, "/contacts/", sort="name", size="20")) <= 6
    assert len(_statements(visitor, "/companies/")) <= 6


def test_a_record_page_costs_nine_statements(as_member, alice, people):
    visitor = as_member(alice)
    visitor.get("/contacts/")

    assert len(_statements(visitor, people[0].get_absolute_url())) <= 9


def test_pages_follow_each_other_without_a_gap(as_member, alice, people):
    visitor = as_member(alice)

    first = visitor.get("/contacts/", {"size": "20", "sort": "name"}).context["list"]
    second = visitor.get("/contacts/", {"size": "20", "sort": "name", "page": "2"}).context["list"]

    assert (len(first.rows), len(second.rows)) == (20, 5)
    assert not {row.pk for row in first.rows} & {row.pk for row in second.rows}
    assert first.counted == "25 contacts"


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
    bob.role.permissions = ["customers.view_company"]
    bob.role.save(update_fields=["permissions"])
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
