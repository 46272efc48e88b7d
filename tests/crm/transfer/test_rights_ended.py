"""An import goes on for as long as whoever began it may import, and not a batch longer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils.timezone import now

from api.keys.operations import create_key, revoke_key
from core.events.models import Event
from crm.customers.models.contacts import Contact
from crm.history.models import ChangeSet
from crm.transfer.engine import running
from crm.transfer.engine.running import carry_on
from crm.transfer.jobs import tidy_transfers
from crm.transfer.models import SILENCE, Import
from crm.transfer.operations import begin_check, begin_run, silent_imports, upload
from tenants.members.models import Role, User
from tests.conftest import Visitor, leave, make_member, nothing_written
from tests.crm.transfer.conftest import counts, reasons, record_type

type LogIn = Callable[[User], Visitor]
type After = Callable[[Callable[[], Any]], None]
TEXT = "first name\n" + "".join(f"Person {number}\n" for number in range(25))
RIGHTS = ["customers.import_contact", "customers.add_contact", "customers.view_contact:own"]
ENDED = "Whoever started this import may not import records any more."


@pytest.fixture
def dan() -> User:
    """Somebody who imports contacts and does nothing else."""
    member = make_member("dan@acme.test", Role.Key.REP)
    member.role = Role.objects.create(name="Data entry", grants=RIGHTS)
    member.save(update_fields=["role"])
    return member


@pytest.fixture(autouse=True)
def batches_of_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 10)


@pytest.fixture
def after_the_first_batch(monkeypatch: pytest.MonkeyPatch) -> After:
    """Return a function that has something happen between the first batch and the second."""

    def register(happen: Callable[[], Any]) -> None:
        take, taken = running.take_batch, []

        def take_and_happen(*args: Any, **kwargs: Any) -> Any:
            outcome = take(*args, **kwargs)
            taken.append(outcome)
            if len(taken) == 1:
                happen()
            return outcome

        monkeypatch.setattr(running, "take_batch", take_and_happen)

    return register


def begun(actor: Any, begin: Any = begin_run) -> UUID:
    kind = record_type("contact")
    the_import = upload([TEXT.encode()], record_type=kind, file_name="p.csv", actor=actor)
    begin(the_import, actor=actor)
    return the_import.pk


def stopped(pk: UUID) -> Import:
    """Return the import, which has stopped because somebody may not import any more."""
    the_import = Import.objects.get(pk=pk)
    assert (the_import.state, the_import.problem) == (Import.State.FAILED, ENDED)
    return the_import


def grant(member: User, *grants: str) -> None:
    member.role.grants = list(grants)
    member.role.save(update_fields=["grants"])


def test_it_stops_when_its_owner_leaves(dan: User, after_the_first_batch: After) -> None:
    after_the_first_batch(lambda: leave(dan))

    pk = begun(dan.as_actor())
    carry_on(pk, clock=now)

    assert counts(stopped(pk)) == (10, 0, 0, 0)
    assert Contact.objects.count() == Event.objects.filter(name="contact.created").count() == 10


def test_it_does_not_begin_for_an_owner_who_left(dan: User) -> None:
    pk = begun(dan.as_actor())
    leave(dan)

    with nothing_written(Contact, Event):
        carry_on(pk, clock=now)

    stopped(pk)


def test_it_stops_when_the_right_is_taken(dan: User, after_the_first_batch: After) -> None:
    after_the_first_batch(lambda: grant(dan, "customers.view_contact:own"))

    pk = begun(dan.as_actor())
    carry_on(pk, clock=now)

    stopped(pk)
    assert Contact.objects.count() == 10


def test_it_stops_when_its_key_is_revoked(alice: User, after_the_first_batch: After) -> None:
    key, _secret = create_key(actor=alice.as_actor(), name="Feed")
    after_the_first_batch(lambda: revoke_key(key, actor=alice.as_actor(), at=now()))

    pk = begun(key.as_actor())
    carry_on(pk, clock=now)

    stopped(pk)
    assert Contact.objects.count() == 10


def test_rows_are_written_with_the_rights_there_are_by_then(
    dan: User, after_the_first_batch: After
) -> None:
    after_the_first_batch(lambda: grant(dan, "customers.import_contact"))

    pk = begun(dan.as_actor())
    carry_on(pk, clock=now)

    the_import = Import.objects.get(pk=pk)
    assert (the_import.state, counts(the_import)) == (Import.State.FINISHED, (10, 0, 0, 15))
    assert len(reasons(the_import)) == 15
    assert Contact.objects.count() == 10


def test_a_check_stops_as_well(dan: User, after_the_first_batch: After) -> None:
    after_the_first_batch(lambda: leave(dan))

    pk = begun(dan.as_actor(), begin_check)
    carry_on(pk, clock=now)

    assert stopped(pk).created == 10


def test_the_history_says_why_to_everybody_who_sees_it_and_what_came_in_is_taken_back(
    dan: User,
    alice: User,
    as_member: LogIn,
    work: Callable[[], list[str]],
    after_the_first_batch: After,
) -> None:
    after_the_first_batch(lambda: leave(dan))
    pk = begun(dan.as_actor())
    carry_on(pk, clock=now)

    page = as_member(alice).get("/import/history/").content.decode()
    [line] = as_member(alice).get("/api/v1/imports/").json()["results"]
    the_set = ChangeSet.objects.get(pk=stopped(pk).change_set_id)
    as_member(alice).post(f"/history/{the_set.pk}/undo/")
    work()

    assert ENDED in page
    assert (line["state"], line["problem"], line["file_name"]) == ("failed", ENDED, "")
    assert not Contact.objects.filter(deleted_at=None).exists()


def test_what_a_worker_left_behind_of_somebody_who_left_is_brought_to_an_end(
    dan: User, alice: User, as_member: LogIn, work: Callable[[], list[str]]
) -> None:
    pk = begun(dan.as_actor())
    leave(dan)
    tidy_transfers.enqueue()
    work()
    assert Import.objects.get(pk=pk).state == Import.State.RUNNING
    Import.objects.filter(pk=pk).update(updated_at=now() - SILENCE - timedelta(seconds=1))
    assert silent_imports(at=now()) == [pk]

    tidy_transfers.enqueue()
    work()

    assert ChangeSet.objects.get(pk=stopped(pk).change_set_id).state == ChangeSet.State.DONE
