"""`manage.py demo`: prepares everything, runs web server and worker, stops all of it on Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from http.client import HTTPConnection
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config.demo.workspaces import COMPANIES, PASSWORD, path, prepare_demos

START_SECONDS = 60


class Command(BaseCommand):
    help = "Run the product with two demo workspaces until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reload", action="store_true", help="restart when code changes")
        parser.add_argument(
            "--companies", type=int, default=COMPANIES, help="made up in each new one"
        )

    def handle(self, *args: Any, reload: bool, companies: int, **options: Any) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)
        _refuse_taken_port()
        call_command("migrate_workspaces", processes=1)
        prepare_demos(companies=companies)
        connections.close_all()
        processes = [_spawn(command) for command in _commands(is_reloading=reload)]
        try:
            _wait_until_up(processes)
            self._announce()
            self._watch(processes)
        except KeyboardInterrupt:
            self.stdout.write("Stopping.")
        finally:
            _stop(processes)

    def _announce(self) -> None:
        base = f"{settings.BASE_DOMAIN}{settings.ADDRESS_SUFFIX}"
        self.stdout.write(
            f"\nAtrium is running.\n"
            f"  Start a workspace   {settings.PUBLIC_URL}\n"
            f"  Its mail            {settings.PUBLIC_URL}/outbox/\n"
            f"  Acme                http://acme.{base}    alice@acme.example\n"
            f"  华夏科技            http://huaxia.{base}  lin@huaxia.example\n"
            f"  Password            {PASSWORD}\n"
            f"  API keys and more   {path()}\n"
            f"Ctrl-C stops it; the data stays in {settings.HOME}."
        )
        self.stdout.flush()

    def _watch(self, processes: list[subprocess.Popen[bytes]]) -> None:
        while all(process.poll() is None for process in processes):
            time.sleep(0.5)
        raise CommandError("A part of the product ended by itself; its last lines are above.")


def _refuse_taken_port() -> None:
    """Another demo's answers must not be taken for ours."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", settings.PORT))
        except OSError as error:
            raise CommandError(
                f"Port {settings.PORT} is taken. Choose another: make demo PORT=8001"
            ) from error


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _commands(*, is_reloading: bool) -> list[list[str]]:
    server = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{settings.PORT}",
    ]
    server += [
        "--workers",
        "2",
        "--threads",
        "4",
        "--worker-class",
        "gthread",
        "--log-level",
        "warning",
    ]
    server += ["--no-control-socket"]
    worker = [sys.executable, "manage.py", "work"]
    return [server + (["--reload"] if is_reloading else []), worker]


def _spawn(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a part with the addresses of the databases, so that it need not start them."""
    urls = settings.DATABASE_URLS
    environment = {
        **os.environ,
        "ATRIUM_ENV": settings.MODE,
        "DATABASE_URL": urls.application,
        "DATABASE_OWNER_URL": urls.owner,
        "VAULT_DATABASE_URL": urls.vault,
    }
    # A session of its own: Ctrl-C reaches this process alone, which then stops the others in order.
    return subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, start_new_session=True)  # noqa: S603


def _wait_until_up(processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers():
        if time.monotonic() > deadline or any(process.poll() is not None for process in processes):
            raise CommandError(f"The web server did not start on port {settings.PORT}.")
        time.sleep(0.1)


def _answers() -> bool:
    connection = HTTPConnection("127.0.0.1", settings.PORT, timeout=10)
    try:
        connection.request("GET", "/", headers={"Host": settings.BASE_DOMAIN})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
