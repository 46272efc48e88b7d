"""What becomes of values that known records have, as a column of the file has it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from tenants.members.models import User
from tests.api.conftest import Program
from tests.conftest import Visitor
from tests.crm.transfer.conftest import Bring, counts

type LogIn = Callable[[User], Visitor]
KNOWN = "name,employees,city\nInitech,1,Bath\nHooli,2,\n"
FILE = "name,employees,city\nInitech,10,Leeds\nHooli,20,York\n"


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        ("overwrite", {("Initech", 10, "Leeds"), ("Hooli", 20, "York")}),
        ("fill", {("Initech", 10, "Bath"), ("Hooli", 20, "York")}),
        ("keep", {("Initech", 10, "Bath"), ("Hooli", 20, "")}),
    ],
)
def test_a_column_says_what_becomes_of_existing_values(
    bring: Bring, existing: str, expected: set[tuple[Any, ...]]
) -> None:
    bring(KNOWN, type="company")

    column = {"column": "city", "field": "city", "existing": existing}
    bring(f"{FILE}Stark,5,Paris\n", type="company", columns=[column])

    found = {(each.name, each.employees, each.city) for each in Company.objects.all()}
    assert found == expected | {("Stark", 5, "Paris")}


def test_a_middle_name_does_not_take_the_place_of_a_kept_name(bring: Bring) -> None:
    bring("email,given name\nada@example.com,Ada\n")

    column = {"column": "given name", "field": "given_name", "existing": "fill"}
    bring("email,given name,middle name\nada@example.com,Augusta,King\n", columns=[column])

    assert Contact.objects.get().given_name == "Ada"


@pytest.mark.parametrize("existing", ["fill", "keep"])
def test_tags_of_the_whole_import_are_no_values_of_a_column(bring: Bring, existing: str) -> None:
    bring("name,tags\nInitech,Old\n", type="company")

    column = {"column": "tags", "field": "tags", "existing": existing}
    bring("name,tags\nInitech,New\n", type="company", tags=("Fair",), columns=[column])

    assert [tag.own_name for tag in Company.objects.get().tag_list] == ["Old", "Fair"]


def test_an_unknown_company_nobody_wants_to_write_refuses_no_row(bring: Bring) -> None:
    bring("email,company\nada@example.com,Umbrella\n")

    column = {"column": "company", "field": "company", "existing": "keep"}
    text = "email,given name,company\nada@example.com,Ada,Unknown\n"
    the_import = bring(text, creates_linked=False, columns=[column])

    assert counts(the_import) == (0, 1, 0, 0)


def test_the_rule_of_a_column_is_chosen_on_the_page_and_by_the_api(
    bring: Bring, alice: User, as_member: LogIn, program: Program
) -> None:
    checked = bring(FILE, type="company", is_check=True)
    page = reverse("transfer:map", args=[checked.pk])

    fields = {"field-0": "name", "field-1": "employees", "field-2": "city", "existing-2": "fill"}
    assert as_member(alice).post(page, fields).status_code == 302

    assert 'value="fill" selected' in as_member(alice).get(page).content.decode()
    address = f"/api/v1/imports/{checked.pk}/"
    assert [each["existing"] for each in program.get(address).json()["columns"]] == [
        "overwrite", "overwrite", "fill",
    ]  # fmt: skip
    chosen = {"columns": [{"column": "city", "field": "city", "existing": "keep"}]}
    answer = program.send("patch", address, chosen)
    assert answer.json()["columns"][2]["existing"] == "keep"
