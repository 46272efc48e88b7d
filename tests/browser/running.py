"""The product as `make demo` runs it, with a home and a port of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

START_SECONDS = 120


@contextmanager
def running_demo(home: Path) -> Iterator[dict[str, Any]]:
    """Run a small demo; yield what its demo.json says and where its log is."""
    known = ("DATABASE_URL", "DATABASE_OWNER_URL", "VAULT_DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    environment = {name: value for name, value in os.environ.items() if name not in known}
    environment |= {"ATRIUM_ENV": "demo", "ATRIUM_HOME": str(home), "PORT": str(_free_port())}
    # Where a test may run a provider to sign in at.
    provider_port = _free_port()
    environment["OUTGOING_ALLOWED"] = f"localhost:{provider_port}"
    more = {"log": home / "log", "environment": environment, "provider_port": provider_port}
    with (home / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo", "--companies", "60"],
            cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait(home, process)
            yield json.loads((home / "demo.json").read_text()) | more
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(home: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "Ctrl-C stops it" not in (home / "log").read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail("The demo did not start:\n" + (home / "log").read_text()[-4000:])
        time.sleep(0.2)
