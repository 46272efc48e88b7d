"""Beside a cell that cannot be read stands what may be meant; nothing is taken by itself."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.operations.companies import create_company
from crm.transfer.models import Import
from crm.transfer.suggesting import suggestions
from tenants.members.models import User
from tests.conftest import Visitor, nothing_written
from tests.crm.transfer.conftest import Bring, record_type

type LogIn = Callable[[User], Visitor]


def offered(user: User, type: str, field: str, text: str) -> list[str]:
    importer = record_type(type).importer
    known = importer.field(field)
    assert known
    return suggestions(known, importer, text, user.as_actor())


@pytest.mark.parametrize(
    ("type", "field", "text", "wanted"),
    [
        ("company", "revenue", "18.400 EUR", ["18400", "18.4"]),
        ("company", "revenue", "1,234", ["1234", "1.2340"]),
        ("company", "employees", "about 120 people", ["120"]),
        ("company", "employees", "50-100", []),
        ("company", "employees", "lots", []),
        ("contact", "birthday", "3/4/1990", ["1990-04-03", "1990-03-04"]),
        ("contact", "birthday", "31/13/1990", []),
        ("contact", "birthday", "32966", ["1990-04-03"]),
        ("contact", "country", "Gremany", ["Germany"]),
        ("contact", "country", "Middle-earth", []),
        ("contact", "lifecycle_stage", "Custmer", ["Customer"]),
        ("contact", "preferred_channel", "E-mial", ["E-mail"]),
        ("contact", "email", "ada@gmail", ["ada@gmail.com"]),
        ("contact", "email", "ada(at)x.example", ["ada@x.example"]),
        ("contact", "email", "a@x.example; ben@x,example", ["a@x.example; ben@x.example"]),
        ("contact", "email", "at home", []),
        ("contact", "title", "anything", []),
    ],
)
def test_what_may_be_meant(
    alice: User, type: str, field: str, text: str, wanted: list[str]
) -> None:
    assert offered(alice, type, field, text) == wanted


def test_people_and_companies_are_offered_as_they_are_called(alice: User, bob: User) -> None:
    create_company(actor=alice.as_actor(), name="Kelvin Dairy", website="https://kelvin.ie")

    assert offered(alice, "contact", "company", "Kelvin Diary") == ["Kelvin Dairy"]
    assert offered(alice, "contact", "email", "b.o@kelvin") == ["b.o@kelvin.ie"]
    assert offered(alice, "contact", "owner", f"{bob.email[:-1]}") == [bob.email]


def test_nobody_is_offered_what_they_may_not_see(alice: User, bob: User) -> None:
    create_company(actor=alice.as_actor(), name="Kelvin Dairy", website="https://kelvin.ie")

    assert offered(bob, "contact", "company", "Kelvin Diary") == []
    assert offered(bob, "contact", "email", "b.o@kelvin") == []


def test_a_suggestion_is_taken_with_one_press(bring: Bring, alice: User, as_member: LogIn) -> None:
    the_import = bring("given name,birthday\nAda,3/4/1990\n", is_check=True)
    visitor = as_member(alice)
    page = visitor.get(reverse("transfer:check", args=[the_import.pk])).content.decode()
    assert 'name="cell-1" value="1990-04-03"' in page

    with nothing_written(Contact, Company):
        # A browser sends the cell as it stands, then the button that was pressed.
        visitor.post(
            reverse("transfer:row", args=[the_import.pk, 2]),
            {"cell-1": ["3/4/1990", "1990-04-03"]},
        )

    assert Import.objects.get(pk=the_import.pk).refused == 0
