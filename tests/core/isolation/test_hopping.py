"""Tasks and threads that hop between two workspaces at random: each answer is right, or there is none."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connections, transaction

from core.isolation.scope import IsolationError, Workspace, bind_workspace, bound_workspace
from tenants.members.models import User

TASKS = 32
HOPS = 24
SEEDS = (1, 2)
MEMBERS = {"acme": ["alice@acme.test"], "globex": ["eve@globex.test"]}

pytestmark = pytest.mark.committing

type Way = Callable[[], Awaitable[list[str]]]


def members() -> list[str]:
    """Ask on whatever thread this runs on, which keeps its connection for the next to come."""
    with transaction.atomic():
        return list(User.objects.values_list("email", flat=True))


def members_and_rest() -> list[str]:
    try:
        return members()
    finally:
        connections.close_all()


class Hopper:
    """Asks in every way async code may, sometimes with a bug, and counts what came back."""

    def __init__(
        self, workspaces: dict[str, Workspace], seed: int, pool: ThreadPoolExecutor
    ) -> None:
        self.workspaces = workspaces
        self.random = random.Random(seed)  # noqa: S311
        self.pool = pool
        self.counted: Counter[str] = Counter()
        self.ways: dict[str, Way] = {
            "in the one thread": sync_to_async(members, thread_sensitive=True),
            "in any thread": sync_to_async(members_and_rest, thread_sensitive=False),
            "to_thread": lambda: asyncio.to_thread(members_and_rest),
            "a thread given the context": lambda: self._submit(
                copy_context().run, members_and_rest
            ),
            "a thread of no workspace": lambda: self._submit(members_and_rest),
            "a task of its own": lambda: asyncio.create_task(self._later()),
            "on the event loop": self._at_once,
        }

    async def run(self) -> None:
        await asyncio.gather(*(self._hop() for _task in range(TASKS)))

    async def _hop(self) -> None:
        for _hop in range(HOPS):
            slug = self.random.choice(list(self.workspaces))
            with bind_workspace(self.workspaces[slug]):
                await self._pause()
                await self._ask(slug)
                await self._pause()
                self._try_the_other(slug)
            assert bound_workspace() is None

    async def _ask(self, slug: str) -> None:
        way = self.random.choice(list(self.ways))
        try:
            found = await self.ways[way]()
        except (IsolationError, SynchronousOnlyOperation):
            self.counted[f"{way}: refused"] += 1
        else:
            self.counted[f"{way}: {'right' if found == MEMBERS[slug] else 'wrong'}"] += 1

    def _try_the_other(self, slug: str) -> None:
        """Make the mistake of entering the other workspace without leaving this one."""
        other = next(each for name, each in self.workspaces.items() if name != slug)
        try:
            with bind_workspace(other):
                self.counted["the other: entered"] += 1
        except IsolationError:
            self.counted["the other: refused"] += 1

    async def _later(self) -> list[str]:
        await self._pause()
        return await sync_to_async(members, thread_sensitive=True)()

    async def _at_once(self) -> list[str]:
        return members()

    async def _submit(self, *call: Callable[..., list[str]]) -> list[str]:
        return await asyncio.wrap_future(self.pool.submit(*call))

    async def _pause(self) -> None:
        await asyncio.sleep(self.random.choice((0, 0, 0.001, 0.003)))


@pytest.mark.parametrize("seed", SEEDS)
def test_tasks_hopping_between_workspaces_are_right_or_refused(seed, workspaces, django_db_blocker):
    with django_db_blocker.unblock(), ThreadPoolExecutor(4) as pool:
        hopper = Hopper(workspaces, seed, pool)
        asyncio.run(_and_close(hopper.run))

    counted = hopper.counted
    assert not [said for said in counted if said.endswith(("wrong", "entered"))]
    # Whatever carries the context answers; whatever does not is refused. Never anything between.
    assert {said for said in counted if said.endswith("refused")} == {
        "a thread of no workspace: refused",
        "on the event loop: refused",
        "the other: refused",
    }
    assert counted["the other: refused"] == TASKS * HOPS
    assert sum(counted.values()) == 2 * TASKS * HOPS


async def _and_close(run: Callable[[], Awaitable[None]]) -> None:
    await run()
    await sync_to_async(connections.close_all, thread_sensitive=True)()


def test_threads_that_keep_their_connection_are_right_in_every_workspace(
    workspaces, django_db_blocker
):
    def hop(seed: int) -> list[str]:
        chosen = random.Random(seed)  # noqa: S311
        assert bound_workspace() is None
        wrong = []
        for _hop in range(HOPS):
            slug = chosen.choice(list(workspaces))
            with bind_workspace(workspaces[slug]):
                wrong += [slug] if members() != MEMBERS[slug] else []
        connections.close_all()
        return wrong

    with django_db_blocker.unblock(), ThreadPoolExecutor(4) as pool:
        assert list(pool.map(hop, range(8))) == [[]] * 8


def test_a_task_that_outlives_its_request_stays_in_the_requests_workspace(
    workspaces, django_db_blocker
):
    async def late() -> list[str]:
        await asyncio.sleep(0.005)
        return await sync_to_async(members_and_rest, thread_sensitive=True)()

    async def request() -> asyncio.Task[list[str]]:
        with bind_workspace(workspaces["acme"]):
            return asyncio.create_task(late())

    async def two_requests() -> list[str]:
        task = await request()
        with bind_workspace(workspaces["globex"]):
            return await task

    with django_db_blocker.unblock():
        assert asyncio.run(two_requests()) == MEMBERS["acme"]
