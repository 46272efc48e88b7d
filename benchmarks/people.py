"""The limit's own database, filled with the people of the workspace in plain text."""

from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import transaction

from benchmarks.limit import COLUMNS, INDEXES, TABLES
from crm.customers.models.contacts import Contact

DATABASE = "bench_limit"


def fill_limit(server_url: str, limit_url: str) -> dict[str, Any]:
    """Copy every contact of the bound workspace; return the first as an example to ask for."""
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {DATABASE} (FORCE)")
        server.execute(f"CREATE DATABASE {DATABASE}")
    example: dict[str, Any] = {}
    with psycopg.connect(limit_url) as limit, transaction.atomic():
        limit.execute(TABLES)
        with limit.cursor().copy(f"COPY contact ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in _people():
                example = example or dict(zip(COLUMNS, row, strict=True))
                copy.write_row(row)
        limit.execute(INDEXES)  # type: ignore[arg-type]
    return example


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
