"""Values of known records that stay as they are: by a column's rule, or where a tick was taken away."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.urls import reverse
from django.utils.timezone import now

from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.history.models.change_sets import ChangeSet
from crm.history.models.changes import Change
from crm.history.operations.undoing import begin_undo
from crm.history.running import carry_on as carry_on_undoing
from crm.transfer import correcting
from crm.transfer.correcting import (
    NeedsValue,
    NoSuchUpdate,
    TooManyKept,
    correct_row,
    keep_values,
    reopen_row,
)
from crm.transfer.engine import running
from crm.transfer.models import Import, ImportNote
from crm.transfer.notes import refused_rows, updated_record, updated_records
from crm.transfer.operations import begin_check, begin_run
from tenants.members.models import User
from tests.api.conftest import Program
from tests.conftest import Visitor, nothing_written
from tests.crm.transfer.conftest import Bring, counts

type LogIn = Callable[[User], Visitor]
type Keep = Callable[[Import, int, list[str]], Any]
KNOWN = "name,employees,city\nInitech,1,Bath\nHooli,2,\n"
FILE = "name,employees,city\nInitech,10,Leeds\nHooli,20,York\n"


def again(the_import: Import) -> Import:
    return Import.objects.get(pk=the_import.pk)


def finish(the_import: Import, user: User) -> Import:
    begin_run(the_import, actor=user.as_actor())
    running.carry_on(the_import.pk, clock=now)
    return again(the_import)


def said(model: type[Model], *names: str) -> set[tuple[Any, ...]]:
    return {tuple(getattr(row, name) for name in names) for row in model._default_manager.all()}


@pytest.fixture
def checked(bring: Bring) -> Import:
    bring(KNOWN, type="company")
    return bring(FILE, type="company", is_check=True)


@pytest.fixture(params=["page", "api"])
def keep(request: Any, alice: User, as_member: LogIn, program: Program) -> Keep:
    """Return a function that keeps values of a row, by the check's page or by the API."""

    def by_page(the_import: Import, row: int, names: list[str]) -> Any:
        found = updated_record(the_import, row)
        offered = [change.name for change in found.changes] if found else ["city"]
        applied = [name for name in offered if name not in names]
        address = reverse("transfer:values", args=[the_import.pk, row])
        return as_member(alice).post(address, {"apply": applied}, follow=True)

    def by_api(the_import: Import, row: int, names: list[str]) -> Any:
        address = f"/api/v1/imports/{the_import.pk}/updates/{row}/"
        return program.send("patch", address, {"keep": names})

    return by_page if request.param == "page" else by_api


def test_a_value_without_its_tick_stays_and_the_others_are_applied(
    checked: Import, alice: User, keep: Keep
) -> None:
    with nothing_written(Company):
        keep(checked, 2, ["city"])

    assert counts(again(checked)) == (0, 2, 0, 0)
    assert counts(finish(checked, alice)) == (0, 2, 0, 0)
    assert said(Company, "name", "employees", "city") == {
        ("Initech", 10, "Bath"),
        ("Hooli", 20, "York"),
    }


def test_a_row_of_which_everything_is_kept_changes_nothing(
    checked: Import, alice: User, keep: Keep
) -> None:
    keep(checked, 2, ["city", "employees"])

    assert counts(again(checked)) == (0, 1, 1, 0)
    assert counts(finish(checked, alice)) == (0, 1, 1, 0)
    assert ("Initech", 1, "Bath") in said(Company, "name", "employees", "city")
    assert not Change.objects.filter(record_id=Company.objects.get(name="Initech").pk).exists()


def test_a_tick_is_put_back(checked: Import, alice: User, keep: Keep) -> None:
    keep(checked, 2, ["city", "employees"])
    keep(checked, 2, [])

    assert counts(again(checked)) == (0, 2, 0, 0)
    assert again(checked).kept == {}
    finish(checked, alice)
    assert ("Initech", 10, "Leeds") in said(Company, "name", "employees", "city")


def test_a_choice_outlives_another_check_and_can_still_be_changed(
    checked: Import, alice: User, keep: Keep
) -> None:
    keep(checked, 2, ["city", "employees"])

    begin_check(checked, actor=alice.as_actor())
    running.carry_on(checked.pk, clock=now)

    found = updated_record(checked, 2)
    assert found
    shown = {(each.name, each.before, each.after, each.is_applied) for each in found.changes}
    assert shown == {("employees", "1", "10", False), ("city", "Bath", "Leeds", False)}
    assert counts(again(checked)) == (0, 1, 1, 0)
    keep(checked, 2, ["city"])
    assert counts(again(checked)) == (0, 2, 0, 0)


def test_a_company_that_nobody_wants_to_link_is_not_made(
    bring: Bring, alice: User, keep: Keep
) -> None:
    bring("email,given name\nada@example.com,Ada\n")
    text = "email,given name,company\nada@example.com,Augusta,Umbrella\n"
    checked = bring(text, is_check=True)

    keep(checked, 2, ["company"])
    with nothing_written(Company):
        the_import = finish(checked, alice)

    assert (counts(the_import), the_import.linked) == ((0, 1, 0, 0), 0)
    assert Contact.objects.get().given_name == "Augusta"


@pytest.fixture
def many(bring: Bring, monkeypatch: pytest.MonkeyPatch) -> Import:
    """A check that found 230 companies to change, in batches of forty."""
    monkeypatch.setattr(running, "BATCH", 40)
    names = [f"Company {number:03}" for number in range(2, 232)]
    bring("name,city\n" + "".join(f"{name},Bath\n" for name in names), type="company")
    text = "name,city\n" + "".join(f"{name},York\n" for name in names)
    return bring(text, type="company", is_check=True)


def test_every_record_that_changes_is_reached_page_by_page(
    many: Import, alice: User, as_member: LogIn, program: Program
) -> None:
    visitor, check = as_member(alice), reverse("transfer:check", args=[many.pk])
    shown, listed = [], []

    for number in ("1", "2", "3"):
        page = visitor.get(check, {"show": "updated", "page": number}).content.decode()
        shown.append([int(row) for row in re.findall(r'id="apply-(\d+)-city"', page)])
        address = f"/api/v1/imports/{many.pk}/updates/?page_size=100&page={number}"
        listed.append([each["row"] for each in program.get(address).json()["results"]])

    expected = [[*range(2, 102)], [*range(102, 202)], [*range(202, 232)]]
    assert shown == listed == expected


def test_ticks_of_one_page_outlive_looking_at_another(
    many: Import, alice: User, as_member: LogIn
) -> None:
    visitor = as_member(alice)
    values = f"{reverse('transfer:values', args=[many.pk, 231])}?show=updated&page=3"

    answer = visitor.post(values, {"apply": []})

    assert answer["Location"].endswith("?show=updated&page=3")
    second = visitor.get(answer["Location"].replace("page=3", "page=2")).content.decode()
    third = visitor.get(answer["Location"]).content.decode()
    assert second.count(" checked ") == 100
    assert third.count(" checked ") == 29
    finish(many, alice)
    assert [each.name for each in Company.objects.all() if each.city == "Bath"] == ["Company 231"]


def test_a_page_of_changes_opens_no_other_notes(
    many: Import, django_assert_num_queries: Any
) -> None:
    changing = updated_records(many)
    assert len(changing) == 230

    # Rows 2 to 41 stand in the first note, the last ten in the sixth.
    with django_assert_num_queries(1):
        changing[:40]
    with django_assert_num_queries(1):
        changing[220:230]
    with django_assert_num_queries(1):
        assert updated_record(many, 229)


def test_a_corrected_row_is_among_those_that_change_until_it_is_taken_back(
    bring: Bring, alice: User, keep: Keep
) -> None:
    bring(KNOWN, type="company")
    text = "name,employees,city\nInitech,many,Leeds\nHooli,20,York\n"
    checked = bring(text, type="company", is_check=True)
    actor = alice.as_actor()

    correct_row(checked, number=2, cells=["Initech", "10", "Leeds"], actor=actor)
    keep(checked, 2, ["city"])
    finished = finish(checked, alice)

    assert counts(finished) == (0, 2, 0, 0)
    assert ("Initech", 10, "Bath") in said(Company, "name", "employees", "city")


def test_a_row_that_is_refused_again_changes_nothing_any_more(bring: Bring, alice: User) -> None:
    bring(KNOWN, type="company")
    text = "name,employees,city\nInitech,many,Leeds\nHooli,20,York\n"
    checked = bring(text, type="company", is_check=True)
    actor = alice.as_actor()
    correct_row(checked, number=2, cells=["Initech", "10", "Leeds"], actor=actor)
    assert [each.number for each in updated_records(checked)] == [2, 3]

    reopen_row(checked, number=2, actor=actor)

    assert [each.number for each in updated_records(checked)] == [3]
    assert [each.number for each in refused_rows(checked)] == [2]


def test_records_that_get_only_tags_of_the_import_are_not_told_one_by_one(
    bring: Bring, alice: User, as_member: LogIn
) -> None:
    bring(KNOWN, type="company")
    checked = bring(KNOWN, type="company", tags=("Fair",), is_check=True)

    page = as_member(alice).get(reverse("transfer:check", args=[checked.pk]), {"show": "updated"})

    assert counts(checked) == (0, 2, 0, 0)
    assert "No value of a column changes" in page.content.decode()


def test_undo_takes_back_what_was_applied(checked: Import, alice: User, keep: Keep) -> None:
    keep(checked, 2, ["city"])
    the_import = finish(checked, alice)

    journal = ChangeSet.objects.get(pk=the_import.change_set_id)
    carry_on_undoing(begin_undo(journal, actor=alice.as_actor(), at=now()).pk)

    assert said(Company, "name", "employees", "city") == {("Initech", 1, "Bath"), ("Hooli", 2, "")}


def test_a_killed_worker_is_resumed_with_the_choices(
    checked: Import, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_values(checked, number=3, names=["city"], actor=alice.as_actor())
    monkeypatch.setattr(running, "BATCH", 1)
    begin_run(checked, actor=alice.as_actor())
    take = running._Run._take
    taken: list[int] = []

    def killed(self: Any, rows: Any, at: Any) -> None:
        if taken:
            raise KeyboardInterrupt
        taken.append(rows[0].number)
        take(self, rows, at)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(running._Run, "_take", killed)
        running.carry_on(checked.pk, clock=now)
    running.carry_on(checked.pk, clock=now)

    assert counts(again(checked)) == (0, 2, 0, 0)
    assert said(Company, "name", "employees", "city") == {
        ("Initech", 10, "Leeds"),
        ("Hooli", 20, ""),
    }


def test_what_no_row_changes_cannot_be_kept(
    checked: Import, alice: User, carol: User, keep: Keep
) -> None:
    actor = alice.as_actor()

    with nothing_written(Company, ImportNote, Import):
        refused = keep(checked, 9, ["city"])
        with pytest.raises(NoSuchUpdate):
            keep_values(checked, number=2, names=["website"], actor=actor)
        with pytest.raises(PermissionDenied):
            keep_values(checked, number=2, names=["city"], actor=carol.as_actor())
    assert str(NoSuchUpdate.message) in refused.content.decode()
    finish(checked, alice)
    with pytest.raises(NoSuchUpdate):
        keep_values(checked, number=2, names=["city"], actor=actor)


def test_who_would_keep_values_of_thousands_of_rows_is_told_of_columns(
    checked: Import, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correcting, "MOST_KEPT", 1)
    actor = alice.as_actor()
    keep_values(checked, number=2, names=["city"], actor=actor)

    with nothing_written(ImportNote, Import), pytest.raises(TooManyKept):
        keep_values(checked, number=3, names=["city"], actor=actor)

    keep_values(checked, number=2, names=["employees"], actor=actor)
    assert again(checked).kept == {"2": ["employees"]}


def test_a_value_the_rest_of_the_row_needs_cannot_be_kept(bring: Bring, alice: User) -> None:
    bring("email,country\nada@example.com,United States\n")
    text = "email,country,phone\nada@example.com,Germany,0301234567890\n"
    checked = bring(text, is_check=True)
    assert counts(checked) == (0, 1, 0, 0)

    with nothing_written(ImportNote, Import), pytest.raises(NeedsValue, match="telephone number"):
        keep_values(checked, number=2, names=["country"], actor=alice.as_actor())


def test_in_long_files_a_value_is_read_as_the_whole_column_proves(
    bring: Bring, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring("name,revenue,city\nInitech,1,Bath\n", type="company")
    text = 'name,revenue,city\nInitech,1.100,Leeds\nHooli,"1.100,50",York\n'
    checked = bring(text, type="company", is_check=True)
    monkeypatch.setattr(correcting, "COMPARED_ROWS", 1)

    keep_values(checked, number=2, names=["city"], actor=alice.as_actor())

    assert counts(again(checked)) == (1, 1, 0, 0)
    finish(checked, alice)
    assert said(Company, "name", "revenue", "city") == {
        ("Initech", Decimal("1100"), "Bath"),
        ("Hooli", Decimal("1100.50"), "York"),
    }


def test_programs_see_what_would_change(checked: Import, alice: User, program: Program) -> None:
    keep_values(checked, number=2, names=["city"], actor=alice.as_actor())

    answer = program.get(f"/api/v1/imports/{checked.pk}/updates/").json()

    first = answer["results"][0]
    assert (first["row"], first["title"]) == (2, "Initech")
    assert {
        "field": "city", "column": "city", "before": "Bath", "after": "Leeds", "is_applied": False,
    } in first["changes"]  # fmt: skip
