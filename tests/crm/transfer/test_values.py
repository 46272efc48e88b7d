"""What cells are taken for, and what is refused because it could be two things."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.records.importing import Cell
from crm.customers.importing.values import read_country, read_industry, read_language, split_name
from crm.transfer.values import (
    decimal_sign_in,
    read_day,
    read_flag,
    read_integer,
    read_list,
    read_number,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1100.04", "1100.04"),
        ("1,100.04", "1100.04"),
        ("1.100,04", "1100.04"),
        ("12,5", "12.5"),
        ("0.123", "0.123"),
        ("1 234,5", "1234.5"),
        ("1'234.50", "1234.5"),
        ("€18.400,00", "18400"),
        ("18,400.00 USD", "18400"),
        ("¥1,280,000", "1280000"),
        ("-5", "-5"),
        ("１２", "12"),
    ],
)
def test_numbers_are_read_in_both_styles(text: str, number: str) -> None:
    assert read_number(Cell(text)).value == Decimal(number)


@pytest.mark.parametrize("text", ["1,234", "1.234", "many", "1,2,3", "12-13", "", "1.2.3,4"])
def test_numbers_that_could_be_two_or_none_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_number(Cell(text))


@pytest.mark.parametrize("text", ["12 Mio €", "Mio. 12", "3 mrd", "5 mln EUR", "40 TSD€"])
def test_millions_in_words_are_refused_instead_of_read_as_units(text: str) -> None:
    with pytest.raises(ValidationError):
        read_number(Cell(text))


def test_a_factor_and_a_known_decimal_sign_are_applied() -> None:
    assert read_number(Cell("1100.04", multiply=1_000_000)).value == Decimal(1_100_040_000)
    assert read_number(Cell("1.234", decimal_sign=",")).value == 1234
    assert read_number(Cell("1.234", decimal_sign=".")).value == Decimal("1.234")


def test_whole_numbers_have_no_decimals() -> None:
    assert read_integer(Cell("1,234")).value == 1234
    assert read_integer(Cell("1.234")).value == 1234
    with pytest.raises(ValidationError, match="not a whole number"):
        read_integer(Cell("12.5"))


@pytest.mark.parametrize(
    ("text", "sign"),
    [("1,100.5", "."), ("2,5", ","), ("1.000.000", ","), ("1,100", ""), ("7", ""), ("x", "")],
)
def test_a_decimal_sign_is_proven_or_not(text: str, sign: str) -> None:
    assert decimal_sign_in(text) == sign


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024/3/5",
        "20240305",
        "5.3.2024",
        "5 March 2024",
        "Mar 5, 2024",
        "2024年3月5日",
        "2024-03-05 10:30:00",
    ],
)
def test_days_are_read_in_every_usual_way(text: str) -> None:
    assert read_day(Cell(text)).value == date(2024, 3, 5)


def test_days_with_slashes_are_read_where_they_mean_one_day() -> None:
    assert (
        read_day(Cell("3/25/2024")).value == read_day(Cell("25/3/2024")).value == date(2024, 3, 25)
    )
    assert read_day(Cell("4/4/2024")).value == date(2024, 4, 4)
    for text in ("3/4/2024", "31/2/2024", "soon"):
        with pytest.raises(ValidationError):
            read_day(Cell(text))


def test_yes_and_no_are_understood_in_both_languages() -> None:
    assert [read_flag(Cell(text)).value for text in ("Yes", "是", "0", "否")] == [
        True,
        True,
        False,
        False,
    ]
    with pytest.raises(ValidationError, match="neither yes nor no"):
        read_flag(Cell("perhaps"))


def test_lists_are_separated_by_semicolons_and_bars() -> None:
    assert read_list(Cell("VIP; Berlin|Partner;;、重要")).value == [
        "VIP",
        "Berlin",
        "Partner",
        "重要",
    ]


@pytest.mark.parametrize(
    ("text", "code", "correction"),
    [
        ("Philipines", "PH", "Philippines"),
        ("Philippines", "PH", ""),
        ("de", "DE", ""),
        ("中国", "CN", ""),
        ("United States", "US", ""),
        ("菲律宾", "PH", ""),
    ],
)
def test_countries_are_known_by_code_and_name_and_misspelt(
    text: str, code: str, correction: str
) -> None:
    assert tuple(read_country(Cell(text))) == (code, correction)


@pytest.mark.parametrize(
    ("text", "industry", "correction"),
    [
        ("technolgy", "technology", "Technology"),
        ("Banking", "finance", ""),
        ("科技", "technology", ""),
        ("Beekeeping", "Beekeeping", ""),
    ],
)
def test_industries_are_known_misspelt_or_kept(text: str, industry: str, correction: str) -> None:
    assert tuple(read_industry(Cell(text))) == (industry, correction)


def test_languages_are_known_by_code_and_name() -> None:
    assert [read_language(Cell(text)).value for text in ("German", "de-AT", "zh_Hans")] == [
        "de",
        "de",
        "zh-hans",
    ]
    with pytest.raises(ValidationError, match="not known"):
        read_language(Cell("Klingon"))


@pytest.mark.parametrize(
    ("text", "given", "family"),
    [
        ("Ada Löwe", "Ada", "Löwe"),
        ("Löwe, Ada", "Ada", "Löwe"),
        ("Anna Maria van der Berg", "Anna Maria", "van der Berg"),
        ("Cher", "Cher", ""),
        ("王建国", "建国", "王"),
        ("欧阳娜娜", "娜娜", "欧阳"),
    ],
)
def test_whole_names_are_taken_apart(text: str, given: str, family: str) -> None:
    assert split_name(text) == (given, family)
