"""`manage.py import_records`: the whole way of a file without pages."""

import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.events.models import Event
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.transfer.models import Import, ImportNote
from tenants.members.models import User
from tests.conftest import nothing_written
from tests.crm.transfer.samples import ACCOUNTS

type Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(alice: User) -> Run:
    """Return a function that runs the command and answers with its exit code and what it printed."""

    def call(path: Path, *arguments: str, type: str = "company") -> tuple[int, str]:
        printed = io.StringIO()
        code = 0
        try:
            call_command(
                "import_records",
                "--workspace",
                "acme",
                "--type",
                type,
                str(path),
                *arguments,
                stdout=printed,
            )
        except SystemExit as end:
            code = int(str(end.code))
        return code, printed.getvalue()

    return call


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    path = tmp_path / "accounts.csv"
    path.write_text(ACCOUNTS, encoding="utf-8")
    return path


def test_companies_come_in_with_parents_and_corrections(run: Run, accounts: Path) -> None:
    code, printed = run(accounts)

    assert code == 0
    assert "10 rows, 10 created, 0 updated, 0 unchanged, 0 refused, 3 values corrected" in printed
    assert "Corrected sector: technolgy -> Technology (row 2, 11)" in printed
    assert "Corrected office_location: Philipines -> Philippines (row 5)" in printed
    assert Company.objects.get(name="Bioholding").country == "PH"
    assert Company.objects.get(name="Acme Corporation").industry == "technology"
    parents = dict(Company.objects.exclude(parent=None).values_list("name", "parent__name"))
    assert parents == {
        "Bluth Company": "Acme Corporation",
        "Cheers": "Massive Dynamic",
        "Codehow": "Acme Corporation",
        "dambase": "Inity",
    }


def test_every_company_has_one_event_though_some_wait_for_their_parent(
    run: Run, accounts: Path
) -> None:
    run(accounts)

    assert Event.objects.filter(name="company.created").count() == 10
    assert not Event.objects.filter(name="company.updated").exists()
    finished = Event.objects.get(name="import.finished")
    assert (finished.payload["created"], finished.payload["refused"]) == (10, 0)


def test_the_same_file_again_changes_nothing(run: Run, accounts: Path) -> None:
    run(accounts)

    with nothing_written(Company, Event):
        code, printed = run(accounts)

    assert code == 0
    assert "10 rows, 0 created, 0 updated, 10 unchanged, 0 refused" in printed


def test_a_dry_run_writes_nothing(run: Run, accounts: Path) -> None:
    with nothing_written(Company, Contact, Event, Import, ImportNote):
        code, printed = run(accounts, "--dry-run")

    assert code == 0
    assert "Dry run, nothing was written: 10 rows, 10 created" in printed


def test_a_mapping_file_gives_revenue_its_unit_and_leaves_a_column_out(
    run: Run, accounts: Path, tmp_path: Path
) -> None:
    mapping = tmp_path / "mapping.json"
    columns = [
        {"column": "revenue", "field": "revenue", "multiply": 1_000_000},
        {"column": "employees", "field": None},
    ]
    mapping.write_text(json.dumps({"columns": columns}), encoding="utf-8")

    _code, printed = run(accounts, "--mapping", str(mapping))

    acme = Company.objects.get(name="Acme Corporation")
    assert acme.revenue == Decimal("1100040000.00")
    assert acme.employees is None
    assert "revenue -> revenue × 1,000,000" in printed
    assert "employees -> (left out)" in printed


def test_refused_rows_are_named_with_reasons_and_the_exit_code_is_one(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(
        "company,employees,country,owner\n"
        "Initech,many,US,\n"
        "Hooli,12,Atlantis,\n"
        "Umbrella,7,DE,nobody@acme.test\n"
        ",3,DE,\n"
        "Stark,5,DE,alice@acme.test\n"
    )

    code, printed = run(path)

    assert code == 1
    assert "Refused row 2: employees “many”: This is not a number." in printed
    assert "Refused row 3: country “Atlantis”: There is no country of this name." in printed
    assert (
        "Refused row 4: owner “nobody@acme.test”: Nobody here logs in with this e-mail address, or has this name."
        in printed
    )
    assert "Refused row 5: company: This field is required." in printed
    assert "5 rows, 1 created, 0 updated, 0 unchanged, 4 refused" in printed
    assert list(Company.objects.values_list("name", flat=True)) == ["Stark"]


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (
            '{"columns": [{"column": "turnover", "field": "revenue"}]}',
            "The file has no column “turnover”.",
        ),
        ('{"columns": [{"column": "revenue", "field": "profit"}]}', "There is no field “profit”."),
        (
            '{"columns": [{"column": "account", "field": "name", "multiply": 5}]}',
            "Only numbers can be multiplied.",
        ),
        ('{"columns": [{"column": "sector", "field": "name"}]}', None),
        ("[]", "A mapping looks like"),
        ("{", "cannot be read as JSON."),
    ],
)
def test_a_mapping_that_does_not_fit_is_named(
    run: Run, accounts: Path, tmp_path: Path, mapping: str, sentence: str | None
) -> None:
    path = tmp_path / "mapping.json"
    path.write_text(mapping, encoding="utf-8")

    if sentence is None:
        assert "account -> (left out)" in run(accounts, "--mapping", str(path), "--dry-run")[1]
    else:
        with nothing_written(Import), pytest.raises(CommandError, match=sentence):
            run(accounts, "--mapping", str(path))


def test_what_the_command_cannot_find_is_a_sentence(
    run: Run, accounts: Path, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=r"There is no file"):
        run(tmp_path / "missing.csv")
    with pytest.raises(CommandError, match=r"matched by name or domain, not by colour"):
        run(accounts, "--match", "colour")
    with pytest.raises(CommandError, match=r"Nobody logs in with zoe@acme\.test"):
        run(accounts, "--actor", "zoe@acme.test")
    with pytest.raises(CommandError, match=r"There is no workspace"):
        call_command("import_records", "--workspace", "nowhere", "--type", "company", str(accounts))


def test_a_match_by_web_address_renames_a_company(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("name,website\nInitech,initech.com\n")
    run(path)
    path.write_text("name,website\nInitech Group,https://www.initech.com/\n")

    run(path, "--match", "domain")

    assert list(Company.objects.values_list("name", flat=True)) == ["Initech Group"]
