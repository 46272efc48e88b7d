"""Columns find their fields by name, in both languages, however programs write them."""

import pytest

from crm.transfer.engine.rounds import patience_after
from crm.transfer.mapping.columns import Mapping
from crm.transfer.mapping.guessing import guess
from tests.crm.transfer.conftest import record_type


def fields(names: list[str], type: str) -> dict[str, str]:
    guessed = guess(names, record_type(type).importer)
    return {column.name: column.field for column in guessed.columns}


def test_the_sample_files_columns_all_find_their_field() -> None:
    names = [
        "account",
        "sector",
        "year_established",
        "revenue",
        "employees",
        "office_location",
        "subsidiary_of",
    ]

    assert list(fields(names, "company").values()) == [
        "name", "industry", "founded_year", "revenue", "employees", "country", "parent",
    ]  # fmt: skip


def test_chinese_columns_find_their_field() -> None:
    assert fields(["公司名称", "行业", "国家", "母公司", "员工数", "营收"], "company") == {
        "公司名称": "name",
        "行业": "industry",
        "国家": "country",
        "母公司": "parent",
        "员工数": "employees",
        "营收": "revenue",
    }
    assert fields(["姓", "名", "邮箱", "手机", "公司", "职位"], "contact") == {
        "姓": "family_name",
        "名": "given_name",
        "邮箱": "email",
        "手机": "mobile_phone",
        "公司": "company",
        "职位": "title",
    }


def test_several_columns_may_go_into_a_list_but_one_into_a_value() -> None:
    found = fields(
        ["E-Mail", "E-mail 2", "Mobile Phone", "Work Phone", "City", "Town", "First Name"],
        "contact",
    )

    assert found == {
        "E-Mail": "email",
        "E-mail 2": "email",
        "Mobile Phone": "mobile_phone",
        "Work Phone": "work_phone",
        "City": "city",
        "Town": "",
        "First Name": "given_name",
    }


def test_a_misspelt_column_is_a_guess_and_an_unknown_one_is_left_out() -> None:
    guessed = guess(["Employes", "Shoe size"], record_type("company").importer)

    assert [(column.field, column.confidence) for column in guessed.columns] == [
        ("employees", "likely"),
        ("", ""),
    ]


def test_a_mapping_survives_being_kept() -> None:
    mapping = guess(["Company", "Revenue"], record_type("company").importer)

    kept = Mapping.from_json(mapping.as_json())

    assert [(each.name, each.field, each.multiply) for each in kept.columns] == [
        ("Company", "name", 1),
        ("Revenue", "revenue", 1),
    ]


@pytest.mark.parametrize(
    ("waiting", "patience"),
    [
        ([], "wait"),
        ([0], None),
        ([4], "wait"),
        ([4, 2], "wait"),
        ([4, 4], "settle"),
        ([4, 4, 3], "wait"),
        ([4, 4, 4], "refuse"),
        ([4, 4, 4, 0], None),
        ([4, 0], None),
    ],
)
def test_rows_wait_as_long_as_somebody_is_helped(waiting: list[int], patience: str | None) -> None:
    assert patience_after(waiting, 10) == patience
