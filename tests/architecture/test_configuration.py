"""The environment is documented, checked, and says what is wrong with it."""

import ast
import os
import re
import subprocess
import sys

import pytest

from tests.architecture.reading import BASE, text_of

READERS = {"read", "storage", "mailer", "folder", "servers"}
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{2,}")
SERVER = {
    "ATRIUM_ENV": "production",
    "SECRET_KEY": "k" * 60,
    "BASE_DOMAIN": "atrium.example",
    "EMAIL_URL": "smtp://mail.atrium.example",
    "DATABASE_URL": "postgresql://app@db.atrium.example/atrium",
    "VAULT_DATABASE_URL": "postgresql://vault@db.atrium.example/atrium_vault",
}
BAD = {
    "ATRIUM_ENV": "produktion",
    "ATRIUM_HOME": "/dev/null/var",
    "PORT": "eighty",
    "BASE_DOMAIN": "https://atrium.example/",
    "PUBLIC_SCHEME": "gopher",
    "TRUSTED_PROXY_COUNT": "-1",
    "SECRET_KEY": "guessable",
    "VAULT_KEY_DIR": "/dev/null/keys",
    "DATABASE_URL": "mysql://db.atrium.example/atrium",
    "DATABASE_DIRECT_URL": "mysql://direct.atrium.example",
    "DATABASE_OWNER_URL": "db.atrium.example",
    "VAULT_DATABASE_URL": "atrium_vault",
    "DATABASE_CONN_MAX_AGE": "forever",
    "STATEMENT_TIMEOUT_MS": "0",
    "SPARE_WORKSPACES": "-3",
    "REDIS_URL": "redis.atrium.example",
    "EMAIL_URL": "mail.atrium.example",
    "DEFAULT_FROM_EMAIL": "nobody",
    "STORAGE_URL": "ftp://files.atrium.example",
    "DNS_SERVERS": "dns.atrium.example",
    "API_RATE": "often",
    "API_WORKSPACE_RATE": "often",
    "OUTGOING_ALLOWED": "localhost",
    "LOG_LEVEL": "loud",
    "SENTRY_DSN": "tracker.atrium.example",
}


def read_by_code() -> set[str]:
    """Return the names of the variables config/ reads."""
    calls = [
        node
        for name in ("config/env.py", "config/settings.py")
        for node in ast.walk(ast.parse(text_of(name)))
        if isinstance(node, ast.Call) and _name(node.func) in READERS
    ]
    values = [
        argument.value
        for call in calls
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]
    return {value for value in values if isinstance(value, str) and VARIABLE.fullmatch(value)}


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else ast.unparse(function)


def documented() -> set[str]:
    product, _builders = text_of("docs/reference/configuration.md").split("## For builders")
    return set(re.findall(r"^\| `([A-Z_]+)` \|", product, re.MULTILINE))


def start(tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the product's settings with this environment alone."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=BASE,
        env={**kept, "ATRIUM_HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_variable_is_documented_and_every_documented_one_is_read():
    assert read_by_code() == documented()


def test_every_variable_has_a_bad_value_here():
    assert BAD.keys() == documented()


def test_a_server_starts_with_what_is_required(tmp_path):
    assert start(tmp_path, **SERVER).stderr == ""


def test_nothing_at_all_is_a_demo(tmp_path):
    assert start(tmp_path).returncode == 0


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_value_stops_the_start_with_a_sentence(tmp_path, name):
    ended = start(tmp_path, **SERVER | {name: BAD[name]})

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Atrium cannot start. {name} ")
    assert ended.stderr.count("\n") == 1
    assert BAD[name] not in ended.stderr.replace(name, "")


@pytest.mark.parametrize("name", sorted(SERVER.keys() - {"ATRIUM_ENV"}))
def test_a_missing_value_stops_the_start_with_a_sentence(tmp_path, name):
    ended = start(tmp_path, **{key: value for key, value in SERVER.items() if key != name})

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"Atrium cannot start. {name} is not set")
