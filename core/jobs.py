"""Background work: queued in the same transaction as the change, run in the workspace it came from.

A job is a doorbell: ids in, one call, safe to ring twice. Its arguments stand
in the queue's table in plain text, so they are never personal data.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection, transaction
from django_tenants.utils import get_tenant_model
from procrastinate import App, JobContext, RetryStrategy
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import Task, configure_task

from core.isolation.scope import Workspace, bind_workspace, control_plane, current_workspace

queue = App(connector=DjangoConnector(alias="default"))
# Queuing goes through Django's connection even in a worker, whose own connection fetches jobs.
ENQUEUING = JobManager(DjangoConnector(alias="default"))
STALLED_AFTER_SECONDS = 60
CRON = {"nightly": "17 3 * * *", "hourly": "5 * * * *"}
RETRIES = RetryStrategy(max_attempts=5, exponential_wait=5)


@queue.periodic(cron="*/2 * * * *", periodic_id="retry_stalled")
@queue.task(name="core.jobs.retry_stalled", queue="default", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Give the jobs of a worker that died to the others; jobs are safe to run twice."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        await manager.retry_job(job)


class Job:
    """A function that a worker calls later; `enqueue` belongs to the caller's transaction."""

    def __init__(self, task: Task, *, is_of_workspace: bool) -> None:
        self.task = task
        self.is_of_workspace = is_of_workspace

    def enqueue(self, *, lock: str | None = None, **ids: Any) -> int:
        """Queue the call and return the job's number; it exists only if the transaction commits."""
        arguments = {
            name: str(value) if isinstance(value, UUID) else value for name, value in ids.items()
        }
        if self.is_of_workspace:
            workspace = current_workspace()
            arguments["workspace_id"] = str(workspace.id)
            # A job of one workspace never waits for another's.
            lock = lock and f"{workspace.schema}:{lock}"
        return configure_task(
            name=self.task.name, job_manager=ENQUEUING, queue=self.task.queue, lock=lock
        ).defer(**arguments)


def find_workspace(workspace_id: UUID | str) -> Workspace:
    """Return a workspace by its id, asked of the control plane."""
    with control_plane("find a workspace by its id"), transaction.atomic():
        return get_tenant_model().objects.get(pk=workspace_id).as_workspace()


def workspace_job(
    *, atomic: bool = True, queue_name: str = "default"
) -> Callable[[Callable[..., None]], Job]:
    """Declare a job of a workspace. With `atomic` off, it commits its own steps."""

    def declare(function: Callable[..., None]) -> Job:
        @wraps(function)
        def run(*, workspace_id: str, **arguments: Any) -> None:
            with (
                fresh_connection(),
                bind_workspace(find_workspace(workspace_id)),
                _transaction(atomic),
            ):
                function(**arguments)

        return Job(_task(run, function, queue_name), is_of_workspace=True)

    return declare


def platform_job(
    *, reason: str, atomic: bool = True, queue_name: str = "default"
) -> Callable[[Callable[..., None]], Job]:
    """Declare a job of the platform, which runs in the control plane."""

    def declare(function: Callable[..., None]) -> Job:
        @wraps(function)
        def run(**arguments: Any) -> None:
            with fresh_connection(), control_plane(reason), _transaction(atomic):
                function(**arguments)

        return Job(_task(run, function, queue_name), is_of_workspace=False)

    return declare


@contextmanager
def fresh_connection() -> Iterator[None]:
    """Drop connections that are broken or old around a job, as Django does around a request."""
    if connection.in_atomic_block:
        yield
        return
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


def nightly(job: Job) -> Job:
    """Have a platform job queued once a night, by whichever worker comes first."""
    return _periodically(job, "nightly")


def nightly_everywhere(job: Job) -> Job:
    """Have a workspace's job queued once a night in every workspace."""
    return _everywhere(job, "nightly")


def hourly_everywhere(job: Job) -> Job:
    """Have a workspace's job queued every hour in every workspace; most of the time it finds nothing to do."""
    return _everywhere(job, "hourly")


def _periodically(job: Job, period: str) -> Job:
    @queue.periodic(cron=CRON[period], periodic_id=job.task.name)
    @queue.task(name=f"{job.task.name}.{period}", queue="default", pass_context=True)
    async def ring(context: JobContext, timestamp: int) -> None:
        await context.app.configure_task(job.task.name, queue=job.task.queue).defer_async()

    return job


def _everywhere(job: Job, period: str) -> Job:
    def ring_in_each() -> None:
        for tenant in get_tenant_model().objects.in_use().order_by("pk"):
            with bind_workspace(tenant.as_workspace()):
                job.enqueue()

    ring_in_each.__module__, _, ring_in_each.__name__ = job.task.name.rpartition(".")
    ring_in_each.__name__ += "_everywhere"
    _periodically(platform_job(reason=f"queue {period} work everywhere")(ring_in_each), period)
    return job


def _task(run: Callable[..., None], function: Callable[..., None], queue_name: str) -> Task:
    name = f"{function.__module__}.{function.__name__}"
    return queue.task(name=name, queue=queue_name, retry=RETRIES)(run)


def _transaction(atomic: bool) -> Any:
    return transaction.atomic() if atomic else nullcontext()
