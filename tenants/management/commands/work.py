"""`manage.py work`: runs background jobs until it is told to stop."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils.module_loading import autodiscover_modules
from procrastinate import PsycopgConnector

from core.jobs import queue
from core.memory import settle


class Command(BaseCommand):
    help = "Run background jobs. Stops after the running ones on SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2)
        parser.add_argument(
            "--until-empty", action="store_true", help="stop when nothing is queued"
        )

    def handle(self, *args: Any, concurrency: int, until_empty: bool, **options: Any) -> None:
        autodiscover_modules("jobs")
        settle()
        asyncio.run(run(concurrency=concurrency, until_empty=until_empty))


async def run(*, concurrency: int, until_empty: bool) -> None:
    """Fetch and run jobs over a connection of the worker's own role."""
    connector = PsycopgConnector(**worker_connection(), min_size=1, max_size=concurrency + 1)
    with queue.replace_connector(connector):
        async with queue.open_async():
            await queue.run_worker_async(concurrency=concurrency, wait=not until_empty)


def worker_connection() -> dict[str, Any]:
    """Return how the worker connects: past a pooler, which passes no notifications on."""
    role = {"options": "-c role=atrium_worker -c search_path=jobs,pg_temp"}
    if direct := settings.DATABASE_URLS.direct:
        return {"conninfo": direct, "kwargs": role}
    parameters = connections["default"].get_connection_params()
    known = ("host", "port", "user", "password", "dbname")
    kept = {name: parameters[name] for name in known if parameters.get(name)}
    return {"kwargs": kept | role}
