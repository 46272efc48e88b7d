"""What sealing costs: single values, and a page of records beside the bare driver."""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from compliance.encryption.keyring import ensure_subject_keys, forget_keys
from compliance.encryption.values import seal_value, unseal_value
from core.ids import new_id
from core.isolation.scope import Workspace, bind_workspace
from crm.customers.models.companies import Company

VALUE = b"jane.doe+very.long.mailbox@example.co.uk"
UID = "benchmark.value"
PEOPLE = 1_000
PAGE = 50
ROUNDS = 30
FIELDS = ("phone", "street", "city", "postcode", "description")


class Figure(NamedTuple):
    """One measured number; `limit` is the most it may be."""

    name: str
    value: float
    unit: str
    limit: float | None = None


def measure_sealing(workspace: Workspace) -> list[Figure]:
    """Return what single values cost in this workspace. Leaves a thousand unused keys behind."""
    with bind_workspace(workspace):
        people = [new_id() for _ in range(PEOPLE)]
        new_keys = _microseconds(lambda: ensure_subject_keys(people), rounds=1)
        seal = _microseconds(lambda: _seal_all(people))
        blobs = _seal_all(people)
        unseal_warm = _microseconds(lambda: _unseal_all(people, blobs))
        forget_keys()
        unseal_cold = _microseconds(lambda: _unseal_together(people, blobs), rounds=1)
    return [
        Figure("new key for a person, in a batch", new_keys, "µs"),
        Figure("seal a value", seal, "µs", 9),
        Figure("unseal a value, warm", unseal_warm, "µs", 9),
        Figure("unseal a value, keys to be loaded", unseal_cold, "µs"),
    ]


def measure_sealed_list(workspace: Workspace) -> list[Figure]:
    """Return what a page of 50 records with 5 sealed fields costs. Leaves no records behind."""
    with bind_workspace(workspace), transaction.atomic():
        ids = _companies()
        bare = _milliseconds(lambda: _read_bare(ids))
        unopened = _milliseconds(lambda: _read(ids, opened=()))
        warm = _milliseconds(lambda: _read(ids, opened=FIELDS))
        cold = _milliseconds(lambda: _read_cold(ids))
        transaction.set_rollback(True)
    return [
        Figure("50 rows x 5 fields, bare psycopg", bare, "ms"),
        Figure("50 rows x 5 fields, nothing opened", unopened, "ms"),
        Figure("50 rows x 5 fields, opened", warm, "ms"),
        Figure("opening adds", warm - unopened, "ms", 5),
        Figure("opening with keys to be loaded adds", cold - unopened, "ms"),
        Figure("opened beside bare psycopg", warm / bare, "x", 10),
    ]


def _seal_all(people: list[UUID]) -> list[bytes]:
    return [seal_value(VALUE, uid=UID, row=each, subject=each) for each in people]


def _unseal_all(people: list[UUID], blobs: list[bytes]) -> None:
    for person, blob in zip(people, blobs, strict=True):
        unseal_value(blob, uid=UID, row=person)


def _unseal_together(people: list[UUID], blobs: list[bytes]) -> None:
    # One query for all keys, as a page makes it.
    ensure_subject_keys(people)
    _unseal_all(people, blobs)


def _companies() -> list[UUID]:
    values = {name: VALUE.decode()[:20] for name in FIELDS}
    made = Company.objects.bulk_create(Company(name=f"No. {n}", **values) for n in range(PAGE))
    return [company.pk for company in made]


def _read(ids: list[UUID], *, opened: tuple[str, ...]) -> None:
    for company in Company.objects.filter(pk__in=ids).only("name", *FIELDS):
        for name in opened:
            getattr(company, name)


def _read_cold(ids: list[UUID]) -> None:
    forget_keys()
    _read(ids, opened=FIELDS)


def _read_bare(ids: list[UUID]) -> None:
    columns = ", ".join(("id", "name", *FIELDS))
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM {Company._meta.db_table} WHERE id = ANY(%s)",
            [ids],
        )
        cursor.fetchall()


def _microseconds(work: Callable[[], object], *, rounds: int = 5) -> float:
    """Return the microseconds one of a thousand values takes in the fastest round."""
    return min(_seconds(work) for _ in range(rounds)) / PEOPLE * 1e6


def _milliseconds(work: Callable[[], object]) -> float:
    return statistics.median(_seconds(work) for _ in range(ROUNDS)) * 1e3


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
