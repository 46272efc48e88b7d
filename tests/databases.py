"""The databases of the tests: prepared once, copied for every process that runs tests."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
from django.conf import settings
from django.db import connections, transaction
from fasteners import InterProcessLock
from psycopg import sql

from config import embedded
from core.events.models import Event
from core.isolation.scope import bind_workspace
from tenants.provisioning.fingerprints import release_statements
from tenants.provisioning.operations import NewWorkspace, open_workspace, refill_spares
from tenants.provisioning.platform import prepare_platform

NAMES = {"default": "atrium", "owner": "atrium", "vault": "atrium_vault"}
PREPARED = {"atrium": "test_atrium", "atrium_vault": "test_atrium_vault"}
WORKSPACES = (
    NewWorkspace("acme", "Acme", "alice@acme.test", "en", "Europe/London", "GB"),
    NewWorkspace("globex", "Globex", "eve@globex.test", "en", "UTC", "US"),
)


def use_test_databases() -> None:
    """Point every connection at this process's own copy of the prepared databases."""
    embedded.start()
    with InterProcessLock(settings.HOME / "prepare.lock"):
        _drop_leftovers()
        _prepare_once()
        for origin, prepared in PREPARED.items():
            _copy(prepared, f"{prepared}_{os.getpid()}", owner=_owner(origin))
    for alias, name in NAMES.items():
        _point(alias, f"{PREPARED[name]}_{os.getpid()}")


def drop_test_databases() -> None:
    """Remove this process's copies."""
    connections.close_all()
    with _server() as server:
        for prepared in PREPARED.values():
            _drop(server, f"{prepared}_{os.getpid()}")


def _drop_leftovers() -> None:
    """Remove the copies of processes that ended without doing so."""
    with _server() as server:
        rows = server.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_.*_[0-9]+$'")
        for (name,) in rows.fetchall():
            if not psutil.pid_exists(int(name.rpartition("_")[2])):
                _drop(server, name)


def _drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} (FORCE)").format(sql.Identifier(name)))


def _prepare_once() -> None:
    wanted = _fingerprint()
    with _server() as server:
        kept = server.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [PREPARED["atrium"]],
        ).fetchone()
        if kept and kept[0] == wanted:
            return
        for origin, prepared in PREPARED.items():
            _drop(server, prepared)
            embedded.create_database(server, prepared, owner=_owner(origin))
    for alias, name in NAMES.items():
        _point(alias, PREPARED[name])
    _fill()
    with _server() as server:
        server.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(PREPARED["atrium"]), sql.Literal(wanted)
            )
        )


def _fill() -> None:
    prepare_platform()
    refill_spares()
    for wanted in WORKSPACES:
        workspace = open_workspace(wanted, password="correct horse battery")
        # What happened while a workspace was opened is no test's business.
        with bind_workspace(workspace), transaction.atomic():
            Event.objects.all().delete()
    connections.close_all()


def _owner(origin: str) -> str:
    return "atrium_vault" if origin == "atrium_vault" else "atrium_owner"


def _point(alias: str, name: str) -> None:
    connections[alias].close()
    connections[alias].settings_dict["NAME"] = name


def _copy(prepared: str, name: str, *, owner: str) -> None:
    with _server() as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(prepared), sql.Identifier(owner)
            )
        )
        embedded.restrict(server, name)


@contextlib.contextmanager
def _server() -> Iterator[psycopg.Connection]:
    with psycopg.connect(embedded.url("postgres", "postgres"), autocommit=True) as connection:
        yield connection


def _fingerprint() -> str:
    """Return a hash of all code that shapes the prepared databases."""
    digest = hashlib.sha256()
    patterns = ("*/migrations/*.py", "*/*/migrations/*.py", "*/*/*/migrations/*.py", "tenants/provisioning/*.py",
                "core/isolation/**/*.py", "compliance/encryption/**/*.py", "tests/databases.py", "crm/customers/defaults.py")  # fmt: skip
    for pattern in patterns:
        for path in sorted(Path(settings.BASE_DIR).glob(pattern)):
            digest.update(path.read_bytes())
    digest.update(release_statements().encode())
    digest.update(os.fspath(settings.VAULT_KEY_DIR).encode())
    return digest.hexdigest()
