"""Programs get records as files, as the person whose key they use would."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from crm.customers.operations.companies import create_company
from crm.customers.operations.contacts import create_contact
from crm.transfer.models import Export
from tenants.members.models import User
from tests.conftest import nothing_written


@pytest.fixture(autouse=True)
def stored(tmp_path: Any, settings: Any) -> None:
    """A folder for files, empty at first."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


def rows(answer: Any) -> list[dict[str, str]]:
    raw = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(raw)))


def test_a_program_gets_what_a_filtered_list_has(
    alice: User, program_of: Callable[[User], Any]
) -> None:
    create_company(actor=alice.as_actor(), name="Initech", country="DE")
    create_company(actor=alice.as_actor(), name="Hooli", country="FR")

    answer = program_of(alice).get("/api/v1/companies/export/?format=csv&country=DE")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="companies.csv"'
    assert [row["Name"] for row in rows(answer)] == ["Initech"]


@pytest.mark.parametrize(("format_name", "start"), [("xlsx", b"PK"), ("vcard", b"BEGIN:VCARD")])
def test_every_format_is_there_for_programs(
    alice: User, program_of: Callable[[User], Any], format_name: str, start: bytes
) -> None:
    create_contact(actor=alice.as_actor(), given_name="Ada")

    answer = program_of(alice).get(f"/api/v1/contacts/export/?format={format_name}")

    assert b"".join(answer.streaming_content).startswith(start)


def test_many_records_are_fetched_once_they_are_written(
    alice: User,
    program_of: Callable[[User], Any],
    work: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("crm.transfer.jobs.AT_ONCE", 0)
    create_contact(actor=alice.as_actor(), given_name="Ada")
    program = program_of(alice)

    first = program.get("/api/v1/contacts/export/")
    assert first.status_code == 202
    url = f"/api/v1/contacts/export/?export={first.json()['export']}"
    assert program.get(url).status_code == 202
    work()

    assert [row["Given name"] for row in rows(program.get(url))] == ["Ada"]
    assert program.get(url).status_code == 410


def test_what_cannot_be_exported_is_refused(
    alice: User, carol: User, program_of: Callable[[User], Any]
) -> None:
    with nothing_written(Export):
        assert program_of(carol).get("/api/v1/contacts/export/").status_code == 403
        assert program_of(alice).get("/api/v1/companies/export/?format=vcard").status_code == 422
        assert program_of(alice).get("/api/v1/companies/export/?columns=x").status_code in (
            400,
            422,
        )
        assert program_of(alice).get("/api/v1/companies/export/?export=x").status_code == 404
