"""Of a deleted workspace nothing is left but its dump and the quarantine of its address."""

from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from compliance.encryption.errors import SealingError
from compliance.encryption.keyring import current_keyring
from compliance.encryption.vault.database import ask
from core.isolation.scope import Workspace, control_plane
from core.jobs import workspace_job
from crm.customers.operations.contacts import create_contact
from tenants.members.models import User
from tenants.models import FormerAddress
from tenants.provisioning.operations import delete_workspace, find_tenant
from tests.conftest import Visitor, inside

pytestmark = pytest.mark.committing


@workspace_job()
def never_run() -> None:
    raise AssertionError("The workspace is gone.")


@pytest.fixture
def deleted(without_spares, open_new, settings, tmp_path) -> Iterator[Workspace]:
    """A workspace that was used in every way before it was deleted."""
    settings.HOME = tmp_path
    workspace = open_new("initech")
    Visitor(workspace).get("/login/")
    inside(workspace, use)
    try:
        delete_workspace(find_tenant("initech"))
        yield workspace
    finally:
        lift_quarantine()


def lift_quarantine() -> None:
    with control_plane("lift the quarantine"), transaction.atomic():
        FormerAddress.objects.filter(slug="initech").delete()


def use() -> None:
    with transaction.atomic():
        founder = User.objects.get()
        create_contact(actor=founder.as_actor(), given_name="Ada")
        never_run.enqueue()
        for name in caches:
            caches[name].set("greeting", "hello", timeout=None)
        default_storage.save(f"{founder._workspace}/one", ContentFile(b"sealed"))


def test_its_address_leads_nowhere(deleted):
    for path in ("/", "/login/", "/api/v1/contacts/"):
        assert Visitor(deleted).get(path).status_code == 404


def test_its_schema_and_role_are_gone(deleted, as_owner):
    assert as_owner("SELECT 1 FROM pg_namespace WHERE nspname = %s", deleted.schema) == []
    assert as_owner("SELECT 1 FROM pg_roles WHERE rolname = %s", deleted.schema) == []


def test_code_still_bound_to_it_is_refused_by_the_database(deleted):
    def members() -> int:
        with transaction.atomic():
            return User.objects.count()

    with pytest.raises(DatabaseError, match="does not exist"):
        inside(deleted, members)


def test_its_keys_are_destroyed(deleted):
    living = "SELECT count(*) FROM vault_{} WHERE tenant = %s AND wrapped IS NOT NULL"

    for table in ("tenantkey", "subjectkey"):
        assert ask(f"SELECT count(*) FROM vault_{table} WHERE tenant = %s", [deleted.id]) > [(0,)]
        assert ask(living.format(table), [deleted.id]) == [(0,)]
    with pytest.raises(SealingError):
        inside(deleted, current_keyring)


@pytest.mark.parametrize("name", list(caches))
def test_its_cache_is_empty(deleted, name):
    assert inside(deleted, lambda: caches[name].get("greeting")) is None


def test_its_files_are_gone(deleted):
    assert not default_storage.exists(f"{deleted.schema}/one")
    assert not default_storage.exists(deleted.schema)


def test_no_table_of_the_platform_names_it_any_more(deleted, as_owner):
    tables = as_owner(
        "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables "
        "WHERE schemaname IN ('public', 'jobs')"
    )

    for (table,) in tables:
        for said in (str(deleted.id), f'"{deleted.schema}"', f"{deleted.schema}:"):
            found = as_owner(f"SELECT 1 FROM {table} t WHERE strpos(t::text, %s) > 0", said)
            assert found == [], (table, said)


def test_the_other_workspaces_keep_theirs(globex, deleted):
    inside(globex, lambda: caches["throttle"].set("greeting", "hello"))

    assert inside(globex, lambda: caches["throttle"].get("greeting")) == "hello"
    assert Visitor(globex).get("/login/").status_code == 200
