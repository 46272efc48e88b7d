"""A permission that a release brings reaches the roles of every workspace once; what an admin took away stays away."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command

from core import permissions
from core.isolation.scope import Workspace
from tenants.members.offering import starting_grants
from tenants.provisioning.fingerprints import release_statements, stamp_like_template
from tenants.provisioning.migrating import migrate_all
from tenants.provisioning.platform import prepare_platform

pytestmark = pytest.mark.committing

NEW = "customers.weigh_contact"


@pytest.fixture
def brought(committed: None, as_owner: Callable[..., Any], monkeypatch: Any) -> Iterator[None]:
    """Pretend that this release declares one more permission, which sales reps start with."""
    monkeypatch.setattr(permissions, "_declared", {**permissions._declared})
    permissions.declare(NEW, "Weigh contacts", roles=("rep",))
    yield
    monkeypatch.undo()
    # Leave every schema as the next test expects it.
    for (schema,) in as_owner("SELECT nspname FROM pg_namespace WHERE nspname ~ '^t_[0-9]+$'"):
        as_owner(_without_new(schema))
        as_owner(stamp_like_template(schema))
    as_owner(_without_new("atrium_template"))
    prepare_platform()


def _without_new(schema: str) -> str:
    lists = (f"{name} = array_remove({name}, '{NEW}')" for name in ("grants", "offered"))
    return f'UPDATE "{schema}".members_role SET {", ".join(lists)}'


def of_rep(as_owner: Callable[..., Any], workspace: Workspace) -> set[str]:
    query = f"SELECT grants FROM \"{workspace.schema}\".members_role WHERE key = 'rep'"
    [[grants]] = as_owner(query)
    assert len(grants) == len(set(grants))
    return set(grants)


def test_roles_of_a_new_workspace_start_with_what_is_declared(
    open_new: Callable[..., Workspace], as_owner: Callable[..., Any]
) -> None:
    assert of_rep(as_owner, open_new()) == set(starting_grants("rep"))


def test_a_release_gives_the_roles_of_every_workspace_what_is_new(
    open_new: Callable[..., Workspace], as_owner: Callable[..., Any], request: Any
) -> None:
    workspace = open_new()
    before = of_rep(as_owner, workspace)
    request.getfixturevalue("brought")

    call_command("migrate_workspaces", processes=1)

    assert of_rep(as_owner, workspace) == before | {NEW}
    assert of_rep(as_owner, open_new("initrode")) == before | {NEW}
    assert list(migrate_all(processes=1)) == []


def test_what_an_admin_took_away_is_not_given_again(
    open_new: Callable[..., Workspace], as_owner: Callable[..., Any], request: Any
) -> None:
    workspace = open_new()
    before = of_rep(as_owner, workspace)
    gone = "customers.delete_contact:own"
    assert gone in before
    as_owner(
        f'UPDATE "{workspace.schema}".members_role SET grants = array_remove(grants, %s)',
        gone,
    )
    request.getfixturevalue("brought")

    call_command("migrate_workspaces", processes=1)

    assert of_rep(as_owner, workspace) == before - {gone} | {NEW}


def test_an_offer_made_twice_changes_nothing(
    open_new: Callable[..., Workspace], as_owner: Callable[..., Any]
) -> None:
    workspace = open_new()
    before = of_rep(as_owner, workspace)

    as_owner(f'SET LOCAL search_path = "{workspace.schema}"; {release_statements()}')

    assert of_rep(as_owner, workspace) == before
