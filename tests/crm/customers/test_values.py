"""Industries, countries, numbers, names and addresses as people write them."""

import pytest
from django.core.exceptions import ValidationError

from core.names import full_name
from crm.customers.addresses import PostalAddress, find_country
from crm.customers.industries import find_industry
from crm.customers.phones import parse_phone, show_phone


@pytest.mark.parametrize(
    ("written", "understood"),
    [
        ("technolgy", "technology"),
        ("Telecomunications", "telecommunications"),
        ("IT", "technology"),
        ("零售", "retail"),
        ("retail", "retail"),
        ("  Kite   repair ", "Kite repair"),
        ("", ""),
    ],
)
def test_industries_forgive_spelling(written, understood):
    assert find_industry(written) == understood


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Philipines", "PH"),
        ("United States", "US"),
        ("de", "DE"),
        ("中国", "CN"),
        ("Korea", "KR"),
        ("Atlantis", ""),
    ],
)
def test_countries_are_found_by_code_and_name(written, code):
    assert find_country(written) == code


@pytest.mark.parametrize(
    ("written", "country", "stored"),
    [
        ("020 7946 0123", "GB", "+442079460123"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("010-6552 9988", "CN", "+861065529988"),
        ("+49 30 123456", "CN", "+4930123456"),
        ("020 7946 0123", "", "+442079460123"),
    ],
)
def test_numbers_are_read_as_their_country_writes_them(written, country, stored):
    assert parse_phone(written, country=country) == stored


@pytest.mark.parametrize("written", ["call me", "12", "+44"])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(ValidationError):
        parse_phone(written)


def test_numbers_are_shown_nationally_at_home_and_internationally_abroad():
    assert show_phone("+442079460123", country="GB") == "020 7946 0123"
    assert show_phone("+442079460123", country="DE") == "+44 20 7946 0123"


@pytest.mark.parametrize(
    ("given", "family", "whole"),
    [
        ("建国", "王", "王建国"),
        ("Ada", "Lovelace", "Ada Lovelace"),
        ("", "Prince", "Prince"),
        ("建国", "", "建国"),
        ("David", "王", "David 王"),
    ],
)
def test_names_are_written_in_their_own_order(given, family, whole):
    assert full_name(given, family) == whole


def test_addresses_are_written_in_the_order_of_their_country():
    chinese = PostalAddress("中山路 1 号", "浦东新区", "上海市", "上海市", "200120", "CN")
    german = PostalAddress("Hafenstr. 4", "", "Kiel", "", "24103", "DE")
    american = PostalAddress("1 Main St", "", "Boston", "MA", "02110", "US")
    british = PostalAddress("10 High St", "", "Leeds", "", "LS1 4AP", "GB")

    assert chinese.lines() == ["China", "上海市浦东新区", "中山路 1 号", "200120"]
    assert german.lines() == ["Hafenstr. 4", "24103 Kiel", "Germany"]
    assert american.lines() == ["1 Main St", "Boston, MA 02110", "United States of America"]
    assert british.lines() == ["10 High St", "Leeds", "LS1 4AP", "United Kingdom"]
