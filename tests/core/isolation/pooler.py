"""A PgBouncer of the tests' own, set up as docs/how-to/run-in-production.md says."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connections
from django.db.utils import load_backend

from config import embedded
from config.env import kept_secret

SERVER_CONNECTIONS = 3
START_SECONDS = 10
CONFIGURATION = """\
[databases]
* = host={server} timezone=UTC

[pgbouncer]
pool_mode = transaction
ignore_startup_parameters = options
default_pool_size = {size}
server_lifetime = 600
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/logins
logfile = {folder}/log
"""


@dataclass(frozen=True, slots=True)
class Pooler:
    """A running PgBouncer, and connections through it."""

    port: int

    def settings_of(self, alias: str) -> dict[str, Any]:
        """Return Django's settings for one of our log-ins, leading here instead of to the server."""
        return {**connections.settings[alias], "HOST": "127.0.0.1", "PORT": self.port}

    def connection(self, alias: str) -> Any:
        """Return a connection as the product makes it for this log-in."""
        found = self.settings_of(alias)
        return load_backend(found["ENGINE"]).DatabaseWrapper(found, "default")

    @contextlib.contextmanager
    def instead(self, make: Callable[["Pooler"], Any] | None = None) -> Iterator[Any]:
        """Give this thread a connection through the pooler for its default one while the block runs."""
        before = connections["default"]
        pooled = connections["default"] = make(self) if make else self.connection("default")
        try:
            yield pooled
        finally:
            pooled.close()
            connections["default"] = before


@contextlib.contextmanager
def running(program: str) -> Iterator[Pooler]:
    """Run PgBouncer between us and the tests' server, as the user the server's socket belongs to."""
    server = embedded.socket_directory()
    owner = server.stat()
    with TemporaryDirectory(prefix="atrium-", ignore_cleanup_errors=True) as folder:
        port = _free_port()
        _write(Path(folder), server=server, port=port)
        for path in (folder, f"{folder}/ini", f"{folder}/logins"):
            shutil.chown(path, owner.st_uid, owner.st_gid)
        as_owner = {"user": owner.st_uid, "group": owner.st_gid} if os.getuid() == 0 else {}
        process = subprocess.Popen([program, "-q", f"{folder}/ini"], **as_owner)
        try:
            _wait(port, process)
            yield Pooler(port)
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)


def _write(folder: Path, *, server: Path, port: int) -> None:
    (folder / "ini").write_text(
        CONFIGURATION.format(folder=folder, server=server, port=port, size=SERVER_CONNECTIONS)
    )
    logins = [f'"{login}" "{kept_secret(login)}"\n' for login in embedded.LOGINS]
    (folder / "logins").touch(mode=0o600)
    (folder / "logins").write_text("".join(logins))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("PgBouncer did not start.")
