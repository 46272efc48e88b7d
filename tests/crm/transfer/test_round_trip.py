"""Export and import are each other's inverse: what goes out comes in as the same values."""

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from core.records.registry import RecordType
from crm.customers.models.companies import Company
from crm.customers.models.contacts import Contact
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.companies import create_companies
from crm.customers.operations.contacts import create_contacts
from tenants.members.models import User
from tests.crm.transfer.conftest import Bring, record_type
from tests.crm.transfer.test_exporting import content, export

QUICK = settings(max_examples=8)
# What PostgreSQL and people's keyboards know; the rest is refused long before an export.
SIGNS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp"))
LINE = st.text(SIGNS, min_size=1, max_size=20).map(lambda text: " ".join(text.split()))
NOTES = st.lists(LINE, max_size=3).map("\n".join)
LABEL = st.sampled_from(["", "work", "home", "mobile", "other", "Ferien; Sommer", "=x"])
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
EMAILS = st.from_regex(r"[a-z]{1,8}\.[a-z]{1,8}@[a-z]{1,8}\.example", fullmatch=True)
NUMBERS = st.integers(10**6, 10**7 - 1).map(lambda number: f"+4930{number}")
COUNTRY = st.sampled_from(["", "DE", "CN", "US", "KR", "CD", "GB", "TW"])


def listed(field: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    row = st.fixed_dictionaries({field: values, "label": LABEL})
    return st.lists(row, max_size=3, unique_by=lambda each: each[field])


ADDRESS = st.fixed_dictionaries(
    {
        "label": LABEL,
        "street": LINE,
        "district": st.just(""),
        "city": LINE,
        "province": st.just(""),
        "postcode": st.from_regex(r"[0-9]{5}", fullmatch=True),
        "country": COUNTRY,
    }
)
PERSON = st.fixed_dictionaries(
    {
        "given_name": LINE,
        "family_name": LINE.filter(bool),
        "title": LINE,
        "emails": listed("email", EMAILS),
        "phones": listed("number", NUMBERS),
        "addresses": st.lists(ADDRESS, max_size=2),
        "language": st.sampled_from(["", "en", "zh-hans", "de"]),
        "birthday": st.none() | DAYS,
        "do_not_call": st.booleans(),
        "do_not_email": st.booleans(),
        "preferred_channel": st.sampled_from(["", "email", "post"]),
        "source": st.sampled_from(["", "website", "trade fair; spring"]),
        "description": NOTES,
    }
)
FIRM = st.fixed_dictionaries(
    {
        "name": LINE.filter(bool),
        "website": st.sampled_from(["", "https://initech.example", "https://例子.example/a?b=c"]),
        "industry": st.sampled_from(["", "software", "real estate", "Basket weaving"]),
        "employees": st.none() | st.integers(0, 2_000_000),
        "revenue": st.none() | st.decimals(0, 10**12, places=2),
        "currency": st.sampled_from(["", "EUR", "CNY"]),
        "founded_year": st.none() | st.integers(1000, 2200),
        "phone": st.just("") | NUMBERS,
        "street": LINE,
        "city": LINE,
        "country": COUNTRY,
        "description": NOTES,
    }
)


def said(kind: RecordType, record: Any) -> dict[str, str]:
    """Return all that an export would write of a record."""
    return {f.name: f.written(record) for f in kind.importer.fields if f.written}


def all_said(kind: RecordType) -> list[tuple[tuple[str, str], ...]]:
    rows = kind.importer.prepare(kind.model._default_manager.order_by("pk"))
    return sorted(tuple(sorted(said(kind, record).items())) for record in rows)


def returns_the_same(
    kind: str, rows: list[dict[str, Any]], format_name: str, alice: User, bring: Bring
) -> None:
    """Write the rows, export them, destroy them, import the file; the same must be there."""
    found = record_type(kind)
    with transaction.atomic():
        found.importer.create(dict(enumerate(rows)), actor=alice.as_actor())
        before = all_said(found)
        raw = content(alice, export(alice, kind, format_name=format_name, wanted="everything"))
        found.model._default_manager.all().delete()
        the_import = bring(raw, type=kind, name=f"a.{format_name}")
        assert the_import.refused == 0, the_import.problem
        assert all_said(found) == before
        transaction.set_rollback(True)


def told_apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each person a number of their own, so that no two are taken for one."""
    for at, row in enumerate(rows):
        row["phones"] = [{"number": f"+49301234{at:03}", "label": "work"}]
        row["emails"] = [{**each, "email": f"p{at}.{each['email']}"} for each in row["emails"]]
    return rows


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_contacts_come_back(format_name: str, alice: User, bring: Bring) -> None:
    @QUICK
    @given(st.lists(PERSON, min_size=1, max_size=4))
    def check(rows: list[dict[str, Any]]) -> None:
        returns_the_same("contact", told_apart(rows), format_name, alice, bring)

    check()


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_companies_come_back(format_name: str, alice: User, bring: Bring) -> None:
    @QUICK
    @given(st.lists(FIRM, min_size=1, max_size=4, unique_by=lambda row: row["name"].casefold()))
    def check(rows: list[dict[str, Any]]) -> None:
        rows = [{**row, "name": f"{row['name']} {at}"} for at, row in enumerate(rows)]
        returns_the_same("company", rows, format_name, alice, bring)

    check()


# What a card of version 3.0 has no place for.
NO_CARD = ("do_not_call", "do_not_email", "preferred_channel", "source")


def test_address_cards_come_back(alice: User, bring: Bring) -> None:
    @QUICK
    @given(st.lists(PERSON, min_size=1, max_size=4))
    def check(rows: list[dict[str, Any]]) -> None:
        cards = [{k: v for k, v in row.items() if k not in NO_CARD} for row in told_apart(rows)]
        returns_the_same("contact", cards, "vcard", alice, bring)

    check()


def test_links_of_records_come_back(alice: User, bring: Bring) -> None:
    actor = alice.as_actor()
    companies = create_companies(
        {n: {"name": n} for n in ('A "B" Ltd', "C; D", "E|F")}, actor=actor
    )
    ids = [each.pk for each in companies.records.values()]
    tag = Tag.objects.create(own_name="VIP; gold")
    stage = LifecycleStage.objects.order_by("pk")[0]
    row = {
        "given_name": "Ada",
        "companies": [
            {"company": ids[0], "title": "CEO; founder"},
            {"company": ids[1], "started_on": date(2020, 1, 2), "primary": True},
            {"company": ids[2], "ended_on": date(2021, 1, 2)},
        ],
        "tags": [tag.pk],
        "lifecycle_stage": stage.pk,
        "owner": alice.pk,
    }
    create_contacts({0: row}, actor=actor)
    before = all_said(record_type("contact"))
    raw = content(alice, export(alice))
    Contact.objects.all().delete()

    the_import = bring(raw)

    assert the_import.refused == 0
    assert Company.objects.count() == 3
    assert all_said(record_type("contact")) == before
