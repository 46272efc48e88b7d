"""Web servers for the measurements: one process, one thread, over the loopback."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

from django.conf import settings

START_SECONDS = 30


class Site:
    """Asks one server, over a connection that stays open."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = headers

    def ask(self, path: str, *, expected: int = 200) -> bytes:
        return self.send("GET", path, None, expected)

    def tell(self, path: str, body: str, *, expected: int = 201) -> bytes:
        return self.send("POST", path, body, expected)

    def send(self, method: str, path: str, body: str | None, expected: int) -> bytes:
        self.connection.request(method, path, body or None, self.headers)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != expected:
            raise RuntimeError(f"{method} {path} answered {response.status}")
        return content


@contextlib.contextmanager
def serving(application: str, *, port: int, workers: int = 1, **environment: str) -> Iterator[None]:
    """Run gunicorn for this application while the block runs."""
    command = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", str(workers),
        "--threads", "1", "--worker-class", "gthread", "--keep-alive", "30", "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, env={**database_environment(), **environment}, cwd=settings.BASE_DIR
    )
    try:
        _wait(port, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=10)


def database_environment() -> dict[str, str]:
    """Return the environment of a process that works with this one's databases."""
    urls = settings.DATABASE_URLS
    return {
        **os.environ,
        "DATABASE_URL": urls.application,
        "DATABASE_OWNER_URL": urls.owner,
        "VAULT_DATABASE_URL": urls.vault,
    }


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with (
            contextlib.suppress(OSError),
            contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=1)) as probe,
        ):
            probe.connect()
            return
        time.sleep(0.1)
    raise RuntimeError("A server for the measurements did not start.")


def session_headers(host: str, cookies: Any) -> dict[str, str]:
    """Return the headers of a browser that is logged in."""
    pairs = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
    return {"Host": host, "Cookie": pairs}
