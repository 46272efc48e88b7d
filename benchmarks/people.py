"""The limit's own database, filled with the people of the workspace in plain text."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import psycopg
from django.db import transaction

from benchmarks.limit import COLUMNS, INDEXES, TABLES
from crm.customers.models.contacts import Contact

DATABASE = "bench_limit"


class Databases(NamedTuple):
    """Addresses, as a superuser: the server, the limit's database on it, and ours."""

    server: str
    limit: str
    ours: str


def fill_limit(databases: Databases) -> dict[str, Any]:
    """Copy every contact of the bound workspace; return the first as an example to ask for."""
    with psycopg.connect(databases.server, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
    example: dict[str, Any] = {}
    with psycopg.connect(databases.limit) as limit, transaction.atomic():
        limit.execute(TABLES)
        with limit.cursor().copy(f"COPY contact ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in _people():
                example = example or dict(zip(COLUMNS, row, strict=True))
                copy.write_row(row)
        limit.execute(INDEXES)  # type: ignore[arg-type]
    return example


def settle(databases: Databases) -> None:
    """Leave both databases as they are a minute later: counting is much quicker in a vacuumed table."""
    for address in (databases.limit, databases.ours):
        with psycopg.connect(address, autocommit=True) as database:
            database.execute("VACUUM (ANALYZE)")


def _people() -> Iterator[tuple[Any, ...]]:
    contacts = Contact.objects.prefetch_related("emails", "phones").order_by("pk")
    for contact in contacts:
        email, phone = contact.main("emails"), contact.main("phones")
        yield (
            contact.pk,
            contact.given_name,
            contact.family_name,
            contact.title,
            email.email if email else "",
            phone.number if phone else "",
            str(contact.lifecycle_stage_id),
        )
