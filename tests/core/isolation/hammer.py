"""Many threads, two workspaces, few connections: how many answers came from the wrong workspace."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from core.ids import new_id
from core.isolation.scope import Workspace
from crm.customers.models.labels import Tag
from tests.conftest import inside
from tests.core.isolation.pooler import Pooler

THREADS = 8
READS_TO_A_WRITE = 5
# The same row in both workspaces; only what it says tells them apart.
MARK = UUID(int=7)

type Enter = Callable[[Workspace], AbstractContextManager[Any]]


def mark(workspace: Workspace) -> None:
    """Write into a workspace which one it is."""

    def write() -> None:
        with transaction.atomic():
            Tag.objects.create(pk=MARK, own_name=workspace.schema)

    inside(workspace, write)


def hammer(
    pooler: Pooler,
    workspaces: Sequence[Workspace],
    *,
    reads: int,
    make: Callable[[Pooler], Any],
    enter: Enter,
) -> Counter[str]:
    """Read and write from all threads at once; return how many were right, and how many wrong.

    `make` gives a thread its connection, `enter` is how a reader comes into a workspace.
    """
    # Half of the threads stay at home, the others go to and fro.
    starts = threading.Barrier(THREADS)
    share = reads // THREADS

    def work(number: int) -> Counter[str]:
        ways = workspaces if number % 2 else [workspaces[number // 2 % len(workspaces)]]
        with pooler.instead(make):
            starts.wait()
            return _work(islice(cycle(ways), share), enter)

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(work, range(THREADS)), Counter[str]())


def _work(ways: Iterable[Workspace], enter: Enter) -> Counter[str]:
    counted: Counter[str] = Counter()
    for number, workspace in enumerate(ways):
        counted[_read(workspace, enter)] += 1
        if number % READS_TO_A_WRITE == 0:
            counted[_write(workspace, enter)] += 1
    return counted


def _read(workspace: Workspace, enter: Enter) -> str:
    try:
        with enter(workspace):
            said = Tag.objects.values_list("own_name", flat=True).get(pk=MARK)
    except DatabaseError:
        return "refused"
    return "right" if said == workspace.schema else "wrong"


def _write(workspace: Workspace, enter: Enter) -> str:
    """Write a row and return for whom."""
    try:
        with enter(workspace):
            Tag(own_name=f"{workspace.schema} {new_id()}").save(force_insert=True)
    except DatabaseError:
        return "refused"
    return workspace.schema


def written(workspace: Workspace) -> Counter[str]:
    """Return how many rows a workspace holds, by the workspace they were meant for."""
    return inside(workspace, _by_workspace)


def _by_workspace() -> Counter[str]:
    with transaction.atomic():
        rows = Tag.objects.filter(own_name__startswith="t_").exclude(pk=MARK)
        return Counter(name.split()[0] for name in rows.values_list("own_name", flat=True))
