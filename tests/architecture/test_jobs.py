"""A job says whose it is, and one that forgot its workspace fails."""

import importlib

import pytest

from core.isolation.scope import IsolationError
from core.jobs import Job, queue
from tests.architecture.reading import module_of, product_code
from tests.conftest import outside


def jobs() -> dict[str, Job]:
    """Return every job of the product by its module and name."""
    modules = [
        importlib.import_module(module_of(name))
        for name in product_code()
        if name.endswith("jobs.py")
    ]
    return {
        f"{module.__name__}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, Job)
    }


def test_no_job_of_a_workspace_is_queued_without_one():
    of_workspaces = {name: job for name, job in jobs().items() if job.is_of_workspace}

    for job in of_workspaces.values():
        with pytest.raises(IsolationError):
            outside(job.enqueue)


def test_no_job_of_a_workspace_runs_without_one():
    for job in jobs().values():
        if job.is_of_workspace:
            with pytest.raises(TypeError, match="workspace_id"):
                outside(job.task.func)


def test_every_job_is_known_to_the_worker():
    assert {job.task.name for job in jobs().values()} <= set(queue.tasks)
