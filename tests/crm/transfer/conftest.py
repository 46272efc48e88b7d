"""A file on its way, without pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from core.isolation.scope import Workspace
from core.records.registry import RecordType, record_type_named
from crm.transfer.engine.running import carry_on
from crm.transfer.mapping.columns import Mapping, read_mapping
from crm.transfer.models import Import
from crm.transfer.notes import refused_rows
from crm.transfer.operations import begin_check, begin_run, choose_options, map_columns, upload
from crm.transfer.options import Options
from tenants.members.models import User
from tests.api.conftest import Program

type Bring = Callable[..., Import]


@pytest.fixture(autouse=True)
def stored(tmp_path: Path, settings: Any) -> Path:
    """The folder files are stored in, empty at first."""
    folder = tmp_path / "stored"
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": folder, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return folder


def record_type(name: str) -> RecordType:
    found = record_type_named(name)
    assert found
    return found


@pytest.fixture
def bring(alice: User) -> Bring:
    """Return a function that imports a text, or only checks it, and answers with the import."""

    def call(
        text: str | bytes,
        *,
        type: str = "contact",
        match: str = "",
        creates_linked: bool = True,
        columns: list[dict[str, Any]] | None = None,
        is_check: bool = False,
        by: User | None = None,
        name: str = "people.csv",
        **options: Any,
    ) -> Import:
        actor, kind = (by or alice).as_actor(), record_type(type)
        content = text.encode() if isinstance(text, str) else text
        the_import = upload([content], record_type=kind, file_name=name, actor=actor)
        mapping = Mapping.from_json(the_import.mapping)
        if columns:
            mapping = read_mapping({"columns": columns}, mapping, kind.importer)
        map_columns(the_import, mapping=mapping, actor=actor)
        wanted = match or kind.importer.match[0].name
        chosen = Options(match=wanted, creates_linked=creates_linked, **options)
        choose_options(the_import, options=chosen, actor=actor)
        (begin_check if is_check else begin_run)(the_import, actor=actor)
        carry_on(the_import.pk, clock=now)
        return Import.objects.get(pk=the_import.pk)

    return call


@pytest.fixture
def program(acme: Workspace, alice: User) -> Program:
    """A program in Alice's browser, which works on what she brought: a key would not see it."""
    program = Program(acme)
    program.force_login(alice)
    return program


def counts(the_import: Import) -> tuple[int, int, int, int]:
    """Return how many rows were created, updated, unchanged and refused."""
    return the_import.created, the_import.updated, the_import.unchanged, the_import.refused


def reasons(the_import: Import) -> dict[int, list[str]]:
    """Return why each refused row was refused, by its number."""
    return {
        row.number: [
            f"{column}: {sentence}" if column else sentence for column, sentence in row.problems
        ]
        for row in refused_rows(the_import)
    }
