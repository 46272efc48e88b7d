"""What is done about refused rows before an import runs: corrected, skipped, taken up again."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.timezone import now

from crm.customers.models.companies import Company
from crm.transfer import correcting
from crm.transfer.correcting import NoSuchRow, TooManyEdits, correct_row, reopen_row, skip_row
from crm.transfer.engine import running
from crm.transfer.models import Import
from crm.transfer.notes import settled_rows
from crm.transfer.operations import begin_check, begin_run
from tenants.members.models import User
from tests.conftest import Visitor, nothing_written
from tests.crm.transfer.conftest import Bring, counts, reasons

type LogIn = Callable[[User], Visitor]


@pytest.fixture
def checked(bring: Bring) -> Import:
    text = "name,employees\nInitech,5\nHooli,lots\nStark,many\n"
    return bring(text, type="company", is_check=True)


def again(the_import: Import) -> Import:
    return Import.objects.get(pk=the_import.pk)


def run(the_import: Import, user: User) -> Import:
    begin_run(the_import, actor=user.as_actor())
    running.carry_on(the_import.pk, clock=now)
    return again(the_import)


def test_a_corrected_row_is_compared_with_the_others(checked: Import, alice: User) -> None:
    actor = alice.as_actor()

    assert not correct_row(checked, number=3, cells=["Initech", "7"], actor=actor)
    assert reasons(again(checked))[3] == [
        "name: Row 2 is about the same record. Keep one of the two."
    ]

    assert correct_row(checked, number=3, cells=["Hooli", "7"], actor=actor)
    assert not correct_row(checked, number=4, cells=["hooli ", "7"], actor=actor)
    assert counts(again(checked)) == (2, 0, 0, 1)


def test_a_row_above_is_compared_with_those_below(bring: Bring, alice: User) -> None:
    checked = bring("name,employees\nA,lots\nInitech,5\n", type="company", is_check=True)

    assert not correct_row(checked, number=2, cells=["Initech", "7"], actor=alice.as_actor())

    assert "Row 3" in reasons(again(checked))[2][0]


def test_in_a_long_file_rows_are_compared_when_it_runs(
    checked: Import, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correcting, "COMPARED_ROWS", 2)

    assert correct_row(checked, number=3, cells=["Initech", "7"], actor=alice.as_actor())

    assert counts(run(checked, alice)) == (1, 0, 0, 2)


def test_a_number_is_read_as_its_column_writes_them(bring: Bring, alice: User) -> None:
    text = "name;revenue\nA;1.234,50\nB;lots\n"
    checked = bring(text, type="company", is_check=True)

    assert correct_row(checked, number=3, cells=["B", "5.600"], actor=alice.as_actor())

    run(checked, alice)
    assert Company.objects.get(name="B").revenue == 5600


def test_a_skipped_row_is_left_out_without_being_an_error(checked: Import, alice: User) -> None:
    with nothing_written(Company):
        skip_row(checked, number=3, actor=alice.as_actor())

    the_import = again(checked)
    assert (counts(the_import), the_import.skipped, the_import.done) == ((1, 0, 0, 1), 1, 3)
    begin_check(the_import, actor=alice.as_actor())
    running.carry_on(the_import.pk, clock=now)
    assert (again(checked).skipped, list(reasons(again(checked)))) == (1, [4])
    done = run(checked, alice)
    assert (counts(done), done.skipped, done.total) == ((1, 0, 0, 1), 1, 3)


def test_what_was_done_about_a_row_is_taken_back(checked: Import, alice: User) -> None:
    actor = alice.as_actor()
    before = again(checked)
    correct_row(checked, number=3, cells=["Hooli", "7"], actor=actor)
    skip_row(checked, number=4, actor=actor)
    settled = [(each.row.number, each.is_skipped) for each in settled_rows(again(checked))]
    assert settled == [(3, False), (4, True)]

    reopen_row(checked, number=3, actor=actor)
    reopen_row(checked, number=4, actor=actor)

    after = again(checked)
    assert reasons(after) == reasons(before)
    assert (counts(after), after.skipped) == (counts(before), before.skipped)
    assert settled_rows(after) == []


def test_it_is_taken_back_after_a_new_check_too(checked: Import, alice: User) -> None:
    actor = alice.as_actor()
    skip_row(checked, number=3, actor=actor)
    correct_row(checked, number=4, cells=["Stark", "1"], actor=actor)
    begin_check(checked, actor=actor)
    running.carry_on(checked.pk, clock=now)

    reopen_row(checked, number=3, actor=actor)
    reopen_row(checked, number=4, actor=actor)

    assert list(reasons(again(checked))) == [3, 4]
    assert counts(again(checked)) == (1, 0, 0, 2)


def test_only_what_was_decided_is_taken_back(checked: Import, alice: User) -> None:
    actor = alice.as_actor()
    correct_row(checked, number=3, cells=["Hooli", "still many"], actor=actor)

    for number in (2, 3, 99):
        with nothing_written(Company), pytest.raises(NoSuchRow):
            reopen_row(checked, number=number, actor=actor)
    with pytest.raises(NoSuchRow):
        skip_row(checked, number=2, actor=actor)


def test_who_may_not_import_decides_nothing(checked: Import, carol: User) -> None:
    actor = carol.as_actor()

    with pytest.raises(PermissionDenied):
        skip_row(checked, number=3, actor=actor)
    with pytest.raises(PermissionDenied):
        reopen_row(checked, number=3, actor=actor)

    assert again(checked).edits is None


def test_many_rows_are_corrected_in_the_file(
    checked: Import, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correcting, "MOST_EDITS", 1)
    actor = alice.as_actor()
    skip_row(checked, number=3, actor=actor)

    with pytest.raises(TooManyEdits):
        skip_row(checked, number=4, actor=actor)
    assert again(checked).refused == 1


def test_rows_are_skipped_and_taken_up_on_the_page(
    checked: Import, alice: User, as_member: LogIn
) -> None:
    visitor = as_member(alice)
    check = reverse("transfer:check", args=[checked.pk])

    visitor.post(reverse("transfer:skip", args=[checked.pk, 3]))
    page = visitor.get(f"{check}?show=refused").content.decode()
    assert "Skipped" in page

    visitor.post(reverse("transfer:reopen", args=[checked.pk, 3]))
    assert again(checked).refused == 2
