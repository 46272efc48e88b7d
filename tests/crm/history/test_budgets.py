"""How many statements what happens to records takes, however many records there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.customers.operations.contacts import create_contacts, update_contact, update_contacts


def statements(function):
    with CaptureQueriesContext(connection) as asked:
        function()
    # Savepoints cost no plan and no row.
    return [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]


@pytest.fixture
def many(alice):
    rows = {n: {"given_name": f"P{n}"} for n in range(60)}
    return list(create_contacts(rows, actor=alice.as_actor()).records.values())


def test_one_change_takes_a_handful_of_statements(alice, ada):
    def change():
        update_contact(ada, actor=alice.as_actor(), changes={"title": "Countess"}, version=1)

    assert len(statements(change)) <= 6


def test_many_changes_take_as_many_statements_as_few(alice, many):
    actor = alice.as_actor()

    def change(records, title):
        return lambda: update_contacts({each.pk: {"title": title} for each in records}, actor=actor)

    few, all_of_them = statements(change(many[:51], "A")), statements(change(many, "B"))

    assert len(all_of_them) <= len(few) <= 6


def test_pages_of_the_history_cost_the_same_however_long_they_are(
    as_member, alice, many, django_assert_max_num_queries
):
    visitor = as_member(alice)
    for number in range(1, 6):
        sent = {"action": "edit", "field": "title", "title": f"T{number}", "confirmed": "1"}
        visitor.post("/contacts/bulk/", {**sent, "ids": [str(each.pk) for each in many[:40]]})
    url = visitor.get("/history/").context["sets"][0].set.get_absolute_url()

    with django_assert_max_num_queries(16):
        visitor.get("/history/")
    with django_assert_max_num_queries(22):
        visitor.get(url)
    with django_assert_max_num_queries(22):
        visitor.get("/trash/contacts/")
    with django_assert_max_num_queries(22):
        visitor.get("/duplicates/contacts/")
