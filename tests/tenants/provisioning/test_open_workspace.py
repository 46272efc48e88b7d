from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from psycopg.errors import UniqueViolation

from core.isolation.scope import bind_workspace, control_plane
from crm.customers.models.labels import LifecycleStage
from tenants.members.models import Role, User
from tenants.models import Domain, Tenant
from tenants.provisioning import operations, schemas
from tenants.provisioning.operations import find_tenant, refill_spares
from tenants.provisioning.schemas import create_spare

pytestmark = pytest.mark.committing


def counts():
    with control_plane("count"), transaction.atomic():
        return Tenant.objects.in_use().count(), Domain.objects.count()


def test_a_workspace_has_address_owner_and_defaults(open_new):
    workspace = open_new("initech", language="zh-hans", country="CN", time_zone="Asia/Shanghai")

    assert (workspace.slug, workspace.url) == ("initech", "http://initech.localhost:8000")
    assert workspace.currency == "CNY"
    with bind_workspace(workspace), transaction.atomic():
        assert User.objects.get().role.key == Role.Key.OWNER
        assert LifecycleStage.objects.count() == 4
        assert set(Role.objects.values_list("key", flat=True)) == set(Role.Key)


def test_schema_and_role_have_the_same_opaque_name(open_new, as_owner):
    workspace = open_new()

    assert workspace.schema.startswith("t_")
    assert as_owner("SELECT count(*) FROM pg_roles WHERE rolname = %s", workspace.schema) == [(1,)]


def test_a_new_schema_has_the_templates_tables(open_new, as_owner):
    workspace = open_new()
    tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = %s ORDER BY 1"

    assert as_owner(tables, workspace.schema) == as_owner(tables, "atrium_template")


def test_an_unsuitable_wish_takes_nothing(open_new):
    before = counts()

    with pytest.raises(ValidationError):
        open_new("admin")
    with pytest.raises(ValidationError):
        open_new("acme")

    assert counts() == before


def test_a_failure_half_way_leaves_nothing(open_new, monkeypatch):
    before = counts()

    def fail(**_person):
        raise RuntimeError("the lights went out")

    monkeypatch.setattr(operations, "create_owner", fail)
    with pytest.raises(RuntimeError):
        open_new("initech")
    monkeypatch.undo()

    assert counts() == before
    assert open_new("initech").slug == "initech"


def test_without_a_spare_one_is_made(without_spares, open_new):
    assert open_new("initech").slug == "initech"


def test_spares_are_refilled_to_the_wanted_number(committed, settings):
    with control_plane("count"), transaction.atomic():
        settings.SPARE_WORKSPACES = Tenant.objects.spare().count() + 2

    assert refill_spares() == 2
    assert refill_spares() == 0


def test_numbers_used_by_another_database_of_the_server_are_skipped(committed, as_owner):
    (last,) = as_owner("SELECT last_value FROM tenants_schema_number")[0]
    role = f"t_{last + 1}"
    try:
        as_owner(f"CREATE ROLE {role} NOLOGIN")
        is_ours = True
    except (IntegrityError, ProgrammingError):
        # Another process of the tests has it, before or at this very moment: just as well.
        is_ours = False

    try:
        assert int(create_spare().schema_name.removeprefix("t_")) > last + 1
    finally:
        if is_ours:
            as_owner(f"DROP ROLE {role}")


def test_an_unknown_address_is_said_to_be_unknown(committed):
    with pytest.raises(operations.UnknownWorkspace):
        find_tenant("nowhere")


class RoleMadeMeanwhile(UniqueViolation):
    """What the server answers to the slower of two processes that make one role."""

    sqlstate = "23505"
    diag = SimpleNamespace(constraint_name="pg_authid_rolname_index")


def test_the_slower_of_two_processes_takes_the_next_number(committed, monkeypatch):
    make, tried = schemas._create, []

    def lose_once(schema):
        tried.append(schema)
        if len(tried) == 1:
            raise IntegrityError from RoleMadeMeanwhile()
        return make(schema)

    with monkeypatch.context() as patched:
        patched.setattr(schemas, "_create", lose_once)
        spare = create_spare()

    assert spare.schema_name == tried[-1] != tried[0]


def test_any_other_failure_is_not_tried_again(committed, monkeypatch):
    def fail(_schema):
        raise IntegrityError from UniqueViolation()

    # Undone before the test is taken down, which may need a spare itself.
    with monkeypatch.context() as patched, pytest.raises(IntegrityError):
        patched.setattr(schemas, "_create", fail)
        create_spare()
