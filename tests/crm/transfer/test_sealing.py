"""What an import keeps of people lies sealed, and not for long."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.timezone import now

from core.jobs import queue
from crm.transfer.jobs import tidy_transfers
from crm.transfer.models import RETENTION, Import, ImportNote
from crm.transfer.operations import forget_old_imports, upload
from tenants.members.models import User
from tests.crm.transfer.conftest import Bring, record_type

SECRETS = ("Löwenherz", "ada.loewe", "12345678")
TEXT = "first name,last name,email,phone\nAda,Löwenherz,ada.loewe at home,+49 151 12345678\n"


def kept_texts() -> str:
    """Return everything the import's tables hold, as somebody with a dump could read it."""
    with connection.cursor() as cursor:
        found: list[Any] = []
        for table in ("transfer_import", "transfer_importnote", "events_event"):
            cursor.execute(f"SELECT * FROM {table}")
            found += [value for row in cursor.fetchall() for value in row]
    return "\n".join(
        each.decode("latin-1") if isinstance(each, bytes) else str(each) for each in found
    )


def test_tables_hold_no_value_of_a_refused_row(bring: Bring) -> None:
    the_import = bring(TEXT)

    assert the_import.refused == 1
    kept = kept_texts()
    assert "people.csv" not in kept
    assert not [secret for secret in SECRETS if secret in kept]


def test_the_stored_file_is_sealed(alice: User, stored: Path) -> None:
    the_import = upload(
        [TEXT.encode()],
        record_type=record_type("contact"),
        file_name="a.csv",
        actor=alice.as_actor(),
    )

    [path] = stored.glob(f"t_*/imports/{the_import.pk}")
    assert not [secret for secret in SECRETS if secret.encode() in path.read_bytes()]


def test_refused_rows_are_forgotten_after_thirty_days(bring: Bring) -> None:
    the_import = bring(TEXT)

    forget_old_imports(at=now() + RETENTION - timedelta(minutes=1))
    assert ImportNote.objects.filter(owner_import=the_import).exists()

    forget_old_imports(at=now() + RETENTION + timedelta(minutes=1))
    assert not ImportNote.objects.exists()
    assert Import.objects.get(pk=the_import.pk).refused == 1


def test_an_import_nobody_went_on_with_is_forgotten_with_its_file(
    alice: User, stored: Path
) -> None:
    upload(
        [TEXT.encode()],
        record_type=record_type("contact"),
        file_name="a.csv",
        actor=alice.as_actor(),
    )

    forget_old_imports(at=now() + RETENTION + timedelta(minutes=1))

    assert not Import.objects.exists()
    assert not list(stored.glob("t_*/imports/*"))


def test_every_workspace_tidies_up_at_night() -> None:
    nightly = f"{tidy_transfers.task.name}_everywhere.nightly"

    assert nightly in queue.tasks
