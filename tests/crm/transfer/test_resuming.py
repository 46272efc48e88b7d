"""A worker that dies in the middle: whoever goes on repeats nothing and loses nothing."""

from typing import Any
from uuid import UUID

import pytest
from django.utils.timezone import now

from core.events.models import Event
from crm.customers.models.contacts import Contact
from crm.transfer import files
from crm.transfer.engine import running
from crm.transfer.engine.running import carry_on
from crm.transfer.models import Import
from crm.transfer.operations import begin_run, upload
from tenants.members.models import User
from tests.crm.transfer.conftest import counts, reasons, record_type

ROWS = 25
TEXT = "first name,email\n" + "".join(
    f"Person {number},person{number}@x.example\n" if number != 7 else "Broken,at home\n"
    for number in range(ROWS)
)


class WorkerKilledError(Exception):
    """Stands for a worker that is gone in the middle of a batch."""


@pytest.fixture
def begun(alice: User, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A running import of three batches."""
    monkeypatch.setattr(running, "BATCH", 10)
    actor = alice.as_actor()
    the_import = upload(
        [TEXT.encode()], record_type=record_type("contact"), file_name="p.csv", actor=actor
    )
    begin_run(the_import, actor=actor)
    pk: UUID = the_import.pk
    return pk


def test_an_import_goes_on_behind_the_last_finished_batch(
    begun: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = running.take_batch
    taken: list[int] = []

    def die_in_the_second(rows: Any, *args: Any, **kwargs: Any) -> Any:
        taken.append(rows[0].number)
        outcome = take(rows, *args, **kwargs)
        if len(taken) == 2:
            raise WorkerKilledError
        return outcome

    monkeypatch.setattr(running, "take_batch", die_in_the_second)
    with pytest.raises(WorkerKilledError):
        carry_on(begun, clock=now)

    the_import = Import.objects.get(pk=begun)
    assert (the_import.state, the_import.cursor, the_import.done) == ("running", 11, 10)
    assert Contact.objects.count() == 9

    carry_on(begun, clock=now)

    the_import = Import.objects.get(pk=begun)
    assert taken == [2, 12, 12, 22]
    assert (the_import.state, counts(the_import)) == ("finished", (ROWS - 1, 0, 0, 1))
    assert (
        Contact.objects.count() == Event.objects.filter(name="contact.created").count() == ROWS - 1
    )
    assert list(reasons(the_import)) == [9]


def test_ringing_again_does_nothing(begun: UUID) -> None:
    carry_on(begun, clock=now)
    carry_on(begun, clock=now)

    assert Contact.objects.count() == ROWS - 1
    assert Event.objects.filter(name="import.finished").count() == 1


def test_two_workers_do_not_write_the_same_batch(
    begun: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "take_survey", _overtaking(begun, running.take_survey))

    carry_on(begun, clock=now)

    assert Contact.objects.count() == 0


def _overtaking(pk: UUID, survey: Any) -> Any:
    def walk(*args: Any) -> Any:
        Import.objects.filter(pk=pk).update(cursor=11)
        return survey(*args)

    return walk


def test_the_file_is_gone_when_the_import_is_over(begun: UUID) -> None:
    with files.opened(begun) as file:
        assert file.read() == TEXT.encode()

    carry_on(begun, clock=now)

    with pytest.raises(FileNotFoundError), files.opened(begun):
        raise AssertionError
