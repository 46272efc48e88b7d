import os
import subprocess
import sys
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from config import embedded
from core.isolation.scope import control_plane
from tenants.models import FormerAddress
from tenants.provisioning.jobs import refill
from tests.conftest import Visitor

pytestmark = pytest.mark.committing


def run(command, *arguments, **options):
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=out, **options)
    return out.getvalue()


def environment():
    """The environment of a process that works on this test's databases."""
    names = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "vault")}
    return {
        **os.environ,
        "DATABASE_URL": embedded.url("atrium_app", names["default"]),
        "DATABASE_OWNER_URL": embedded.url("atrium_owner", names["default"]),
        "VAULT_DATABASE_URL": embedded.url("atrium_vault", names["vault"]),
    }


@pytest.fixture
def typed(monkeypatch):
    def type_in(text):
        monkeypatch.setattr("builtins.input", lambda *_prompt: text)

    return type_in


def test_create_workspace_makes_one_and_says_where_it_is(committed, typed):
    typed("correct horse battery")

    said = run(
        "create_workspace",
        "initech",
        name="Initech",
        email="founder@initech.test",
        password_stdin=True,
    )

    assert "Initech is at http://initech.localhost:8000" in said
    assert "initech.localhost" in run("list_workspaces")


def test_create_workspace_refuses_a_taken_address(committed, typed):
    typed("correct horse battery")

    with pytest.raises(CommandError, match="taken"):
        run("create_workspace", "acme", name="Acme", email="a@acme.test", password_stdin=True)


def test_delete_workspace_asks_and_keeps_everything_on_a_wrong_answer(open_new, typed):
    open_new("initech")
    typed("initec")

    with pytest.raises(CommandError, match="Nothing was deleted"):
        run("delete_workspace", "initech")

    assert "initech" in run("list_workspaces")


def test_delete_workspace_dumps_then_removes_everything(
    without_spares, open_new, typed, as_owner, settings, tmp_path
):
    settings.HOME = tmp_path
    workspace = open_new("initech")
    stored = default_storage.save(f"{workspace.schema}/imports/one", ContentFile(b"sealed"))
    kept = default_storage.save("t_0/imports/one", ContentFile(b"somebody else's"))
    typed("initech")

    said = run("delete_workspace", "initech")

    dump = next((tmp_path / "dumps").glob("*.sql"))
    assert str(dump) in said
    assert "founder@initech.test" in dump.read_text()
    assert dump.stat().st_mode & 0o077 == 0
    for catalog, column in (("pg_namespace", "nspname"), ("pg_roles", "rolname")):
        assert as_owner(f"SELECT 1 FROM {catalog} WHERE {column} = %s", workspace.schema) == []
    assert Visitor(workspace).get("/").status_code == 404
    assert not default_storage.exists(stored)
    assert default_storage.exists(kept)
    default_storage.delete(kept)
    with control_plane("look at the quarantine"), transaction.atomic():
        FormerAddress.objects.get(slug="initech").delete()


def test_delete_workspace_of_an_unknown_address_says_so(committed):
    with pytest.raises(CommandError, match="no workspace"):
        run("delete_workspace", "nowhere", yes=True)


def test_prepare_platform_can_be_repeated(committed):
    assert "0 migrations run" in run("prepare_platform")


def test_work_runs_what_is_queued(committed, settings):
    with control_plane("queue a job"), transaction.atomic():
        refill.enqueue()

    command = [sys.executable, "manage.py", "work", "--until-empty"]
    subprocess.run(command, check=True, env=environment(), cwd=settings.BASE_DIR, timeout=60)

    with control_plane("look at the queue"), transaction.atomic(), connection.cursor() as cursor:
        # What the clock rings for at this minute is queued beside it.
        cursor.execute(
            "SELECT DISTINCT status::text FROM procrastinate_jobs WHERE task_name = %s",
            [refill.task.name],
        )
        assert cursor.fetchall() == [("succeeded",)]
