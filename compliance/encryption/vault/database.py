"""Talking to the vault's database: one door, one kind of failure."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import InterfaceError, OperationalError, connections, transaction

from compliance.encryption.errors import KeyUnavailable

ALIAS = "vault"

log = logging.getLogger(__name__)


def ask(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of one statement, committed at once unless a `change` is open."""
    with reachable(), connections[ALIAS].cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def change() -> Iterator[None]:
    """Run the block in one transaction of the vault's own."""
    with reachable(), transaction.atomic(using=ALIAS):
        yield


@contextmanager
def reachable() -> Iterator[None]:
    """Turn a vault that cannot be reached into KeyUnavailable, and let the next try reconnect."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        log.warning("The key vault cannot be reached.")
        connection = connections[ALIAS]
        if not connection.in_atomic_block:
            connection.close()
        raise KeyUnavailable("The key vault cannot be reached.") from error
