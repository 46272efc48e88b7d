"""Several threads that need the same new keys at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connections

from compliance.encryption import keyring
from compliance.encryption.keyring import forget_keys
from compliance.encryption.values import seal_value, unseal_value
from compliance.encryption.vault.database import ask
from compliance.encryption.vault.keys import create_tenant_keys
from core.ids import new_id
from core.isolation.scope import Workspace, bind_workspace

pytestmark = pytest.mark.committing
THREADS = 4


@pytest.fixture
def workspace(workspaces, django_db_blocker) -> Iterator[Workspace]:
    """A workspace that exists in the vault alone, committed there and removed afterwards."""
    workspace = replace(workspaces["acme"], id=new_id())
    with django_db_blocker.unblock():
        yield workspace
        for table in ("subjectkey", "tenantkey"):
            ask(f"DELETE FROM vault_{table} WHERE tenant = %s", [workspace.id])
        forget_keys()
        connections["vault"].close()


def at_once(work):
    """Run the work in several threads that start together; return what each returned."""
    start = Barrier(THREADS)

    def run(number):
        start.wait(timeout=20)
        try:
            return work(number)
        finally:
            connections["vault"].close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_a_workspace_gets_one_root_key(workspace):
    at_once(lambda number: create_tenant_keys(workspace.id))

    with bind_workspace(workspace):
        blob = seal_value(b"x", uid="test", row=workspace.id, subject=None)
        forget_keys()
        assert unseal_value(blob, uid="test", row=workspace.id) == b"x"


def test_people_get_one_key_each_and_what_every_thread_sealed_opens(workspace, monkeypatch):
    create_tenant_keys(workspace.id)
    people = [new_id() for _ in range(200)]
    # Each thread behaves as a process of its own, which knows nothing of the others' keys.
    monkeypatch.setattr(keyring._ciphers, "get", lambda key: None)

    def work(number):
        with bind_workspace(workspace):
            keyring.create_subject_keys(reversed(people) if number % 2 else people)
            return seal_value(b"x", uid="test", row=people[0], subject=people[0])

    blobs = at_once(work)

    sql = "SELECT count(*), count(DISTINCT subject) FROM vault_subjectkey WHERE tenant = %s"
    assert ask(sql, [workspace.id]) == [(200, 200)]
    forget_keys()
    with bind_workspace(workspace):
        assert {unseal_value(blob, uid="test", row=people[0]) for blob in blobs} == {b"x"}
