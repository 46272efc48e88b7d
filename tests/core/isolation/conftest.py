"""What the tests of isolation share: a pooler, and two workspaces that differ in a word."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from core.isolation.scope import Workspace
from tests.core.isolation.hammer import mark
from tests.core.isolation.pooler import Pooler, running


@pytest.fixture(scope="session")
def pgbouncer() -> str:
    """The path of a PgBouncer; without one the tests are skipped, but never in CI."""
    path = os.environ.get("PGBOUNCER") or shutil.which("pgbouncer")
    if path:
        return path
    reason = "No PgBouncer is installed and none could be; the tests of pooling need one."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
def pooler(pgbouncer: str, committed: None) -> Iterator[Pooler]:
    with running(pgbouncer) as started:
        yield started


@pytest.fixture
def marked(open_new: Callable[..., Workspace]) -> list[Workspace]:
    """Two new workspaces with the same row; only what it says tells them apart."""
    opened = [open_new("initech"), open_new("hooli")]
    for workspace in opened:
        mark(workspace)
    return opened
