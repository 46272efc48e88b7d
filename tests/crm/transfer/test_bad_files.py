"""Files that cannot be read say why, and leave nothing behind."""

from pathlib import Path

import pytest

from crm.customers.models.companies import Company
from crm.transfer.models import Import
from crm.transfer.operations import upload
from crm.transfer.reading.table import BadFile
from tenants.members.models import User
from tests.conftest import nothing_written
from tests.crm.transfer.conftest import Bring, counts, reasons, record_type

BAD = {
    "empty": (b"", "The file is empty."),
    "blank": (b"\n \n", "The file is empty."),
    "header alone": (b"name,email\n", "The file has a header and no rows below it."),
    "workbook cut off": (b"PK\x03\x04rest", "The workbook is damaged or was cut off."),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel workbook."),
    "picture": (b"\x89PNG\r\n", "This is a picture"),
    "packed": (b"\x1f\x8b\x08", "This file is packed."),
    "document": (b"%PDF-1.7", "This is a PDF document"),
    "null bytes": (b"name\nA\0B\n", "The file holds null bytes"),
    "twins": (b"name,Name\nA,B\n", "Two columns are called “Name”. Rename one of them."),
    "no names": (b",,\nA,B,C\n", "The first row is empty. It has to name the columns."),
    "too many columns": (
        (",".join(f"c{n}" for n in range(10_000)) + "\n1\n").encode(),
        "The file has 10000 columns",
    ),
    "open quotation mark": (b'name\n"A\nB\n', "The quotation marks in row 2 do not match"),
    "huge cell": (
        b"name\n" + b"A" * 100_001 + b"\n",
        "Row 2 has a cell of more than 100000 characters.",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_table_is_refused_with_a_sentence(
    kind: str, alice: User, stored: Path
) -> None:
    content, sentence = BAD[kind]

    with nothing_written(Import), pytest.raises(BadFile, match=sentence.replace("(", r"\(")):
        upload(
            [content], record_type=record_type("company"), file_name="x.csv", actor=alice.as_actor()
        )

    assert not [path for path in stored.rglob("*") if path.is_file()]


def test_ragged_rows_are_refused_one_by_one(bring: Bring) -> None:
    the_import = bring("name,employees\nA,1\nB\nC,3,4\nD,5,,\n\nE,6\n", type="company")

    assert counts(the_import) == (3, 0, 0, 2)
    assert reasons(the_import) == {
        3: ["The row has 1 cells, the header has 2."],
        4: ["The row has 3 cells, the header has 2."],
    }
    assert sorted(Company.objects.values_list("name", flat=True)) == ["A", "D", "E"]


def test_a_file_that_breaks_behind_its_beginning_stops_the_check(bring: Bring) -> None:
    rows = "".join(f"Company {number},1\n" for number in range(100))

    the_import = bring(f'name,employees\n{rows}"open,1\n', type="company", is_check=True)

    assert the_import.state == Import.State.FAILED
    assert (
        the_import.problem
        == "The quotation marks in row 102 do not match, so nothing after it can be read."
    )


@pytest.mark.parametrize(
    "text", ["name,employees\nA,5\n", "name;employees\nA;5\n", "name\temployees\nA\t5\n"]
)
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_delimiters_and_byte_order_marks_are_recognised(
    bring: Bring, text: str, start: str
) -> None:
    the_import = bring(start + text, type="company")

    assert counts(the_import) == (1, 0, 0, 0)
    assert Company.objects.get().employees == 5


def test_cells_may_hold_delimiters_and_lines(bring: Bring) -> None:
    bring('name,description\n"Initech, Inc.","one\ntwo"\nHooli,\n', type="company")

    assert Company.objects.get(name="Initech, Inc.").description == "one\ntwo"
