"""Jobs live and die with the transaction that queues them, and run in the workspace they came from."""

import pytest
from django.db import connection, transaction

from core.isolation.scope import IsolationError, control_plane, current_workspace
from core.jobs import platform_job, queue, workspace_job
from tests.conftest import inside, outside

seen = []


@workspace_job()
def note_workspace(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        seen.append((word, current_workspace().slug, cursor.fetchone()[0]))


@platform_job(reason="test")
def note_platform() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        seen.append(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def nothing_seen():
    seen.clear()


def queued():
    with control_plane("look at the queue"), connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs")
        return cursor.fetchall()


def test_a_job_runs_as_the_role_of_the_workspace_it_was_queued_in(work, acme):
    note_workspace.enqueue(word="hello")

    work()

    assert seen == [("hello", "acme", acme.schema)]


def test_a_platform_job_runs_in_the_control_plane(work):
    with control_plane("queue a job"):
        note_platform.enqueue()

    work()

    assert seen == ["atrium_control"]


def test_a_job_disappears_with_its_transaction():
    with pytest.raises(ValueError, match="changed my mind"), transaction.atomic():
        note_workspace.enqueue(word="never")
        raise ValueError("changed my mind")

    assert queued() == []


def test_a_job_of_a_workspace_cannot_be_queued_without_one():
    with pytest.raises(IsolationError):
        outside(lambda: note_workspace.enqueue(word="lost"))


def test_a_lock_holds_in_one_workspace_alone(globex):
    note_workspace.enqueue(word="hello", lock="import")
    inside(globex, lambda: note_workspace.enqueue(word="hello", lock="import"))

    with control_plane("look at the queue"), connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT lock) FROM procrastinate_jobs")
        assert cursor.fetchone() == (2,)


def test_a_job_that_lost_its_workspace_fails():
    with pytest.raises(TypeError, match="workspace_id"):
        queue.tasks[note_workspace.task.name].func(word="lost")


def test_a_job_leaves_no_workspace_behind(work):
    note_workspace.enqueue(word="hello")
    work()

    with pytest.raises(IsolationError):
        outside(current_workspace)
