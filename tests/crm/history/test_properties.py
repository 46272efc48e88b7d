"""Whatever is done to many records and taken back ends where it began."""

from typing import Any

import pytest
from django.db import transaction
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.customers.models.contacts import Contact
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.companies import create_companies
from crm.customers.operations.contacts import create_contacts
from crm.customers.records import COMPANIES, CONTACTS
from crm.history.choices import ALL
from crm.history.choosing import Chosen
from crm.history.jobs import do_now_or_later
from crm.history.models import ChangeSet, MergedRecord
from crm.history.operations.bulk import begin_bulk
from crm.history.operations.merging import merge_records
from crm.history.operations.undoing import begin_undo
from crm.history.orders import Order
from tests.crm.history.test_bulk import said

QUICK = settings(max_examples=12)
NAMES = st.sampled_from(["Ada", "三", "Łukasz", "O'Brien", "Ng", "王"])
EMAILS = st.lists(
    st.fixed_dictionaries(
        {
            "email": st.sampled_from(["a@b.org", "A@b.org", "c@d.org", "e@f.org"]),
            "label": st.sampled_from(["", "work", "home"]),
        }
    ),
    max_size=3,
    unique_by=lambda row: row["email"],
)
PHONES = st.lists(
    st.fixed_dictionaries(
        {"number": st.sampled_from(["+442079460123", "+4930123456", "+8613800138000"])}
    ),
    max_size=2,
    unique_by=lambda row: row["number"],
)
ADDRESSES = st.lists(
    st.fixed_dictionaries(
        {"city": st.sampled_from(["London", "上海"]), "country": st.sampled_from(["GB", "CN"])}
    ),
    max_size=2,
)


class Rollback(Exception):
    """Ends an example without a trace."""


@st.composite
def people(draw: Any, tags: list[Any], stages: list[Any]) -> dict[str, Any]:
    return {
        "family_name": draw(NAMES),
        "given_name": draw(st.one_of(st.just(""), NAMES)),
        "title": draw(st.sampled_from(["", "Boss", "Clerk"])),
        "birthday": draw(st.sampled_from([None, "1990-05-17"])),
        "do_not_call": draw(st.booleans()),
        "emails": draw(EMAILS),
        "phones": draw(PHONES),
        "addresses": draw(ADDRESSES),
        "tags": draw(st.lists(st.sampled_from(tags), max_size=2, unique=True)),
        "lifecycle_stage": draw(st.sampled_from([None, *stages])),
    }


@pytest.fixture
def labels():
    tags = [str(pk) for pk in Tag.objects.values_list("pk", flat=True)[:3]]
    stages = [str(pk) for pk in LifecycleStage.objects.values_list("pk", flat=True)[:2]]
    return tags, stages


def undone(the_set: ChangeSet, actor: Any) -> ChangeSet:
    the_set.refresh_from_db()
    return do_now_or_later(begin_undo(the_set, actor=actor, at=now()))


def make(rows: list[dict[str, Any]], actor: Any) -> list[Contact]:
    company = create_companies({1: {"name": "Initech"}}, actor=actor).only()
    placed = {
        number: row | {"companies": [{"company": company.pk}] if number % 2 else []}
        for number, row in enumerate(rows)
    }
    return list(create_contacts(placed, actor=actor).records.values())


@QUICK
@given(data=st.data())
def test_bulk_then_undo_is_nothing(data, alice, labels):
    tags, stages = labels
    actor = alice.as_actor()
    rows = data.draw(st.lists(people(tags, stages), min_size=1, max_size=4))
    order = data.draw(
        st.sampled_from(
            [
                Order("edit", "title", "Queen"),
                Order("edit", "birthday", "1815-12-10"),
                Order("edit", "do_not_call", value=True),
                Order("edit", "family_name", "King"),
                Order("edit", "lifecycle_stage", stages[0]),
                Order("assign", "owner", None),
                Order("tag", "tags", tags[:2]),
                Order("untag", "tags", tags[:1]),
                Order("delete"),
            ]
        )
    )
    with pytest.raises(Rollback), transaction.atomic():
        made = make(rows, actor)
        before = said(CONTACTS, alice), said(COMPANIES, alice)
        chosen = Chosen(tuple(each.pk for each in made))
        the_set = do_now_or_later(begin_bulk(CONTACTS, chosen=chosen, order=order, actor=actor))
        assert the_set.refused == 0

        if the_set.has_changed_something:
            assert undone(the_set, actor).refused == 0

        assert (said(CONTACTS, alice), said(COMPANIES, alice)) == before
        raise Rollback


@QUICK
@given(data=st.data())
def test_merge_then_undo_is_nothing(data, alice, labels):
    tags, stages = labels
    actor = alice.as_actor()
    rows = data.draw(st.lists(people(tags, stages), min_size=2, max_size=4))
    with pytest.raises(Rollback), transaction.atomic():
        made = [each.pk for each in make(rows, actor)]
        before = said(CONTACTS, alice)
        names = data.draw(st.lists(st.sampled_from(["family_name", "title", "emails", "phones"])))
        choices = {name: data.draw(st.sampled_from([*made, ALL])) for name in names}
        survivor = data.draw(st.sampled_from(made))
        others = [pk for pk in made if pk != survivor]

        _one, the_set = merge_records(
            CONTACTS, survivor=survivor, others=others, choices=choices, actor=actor
        )
        assert Contact.objects.count() == 1
        assert undone(the_set, actor).refused == 0

        assert said(CONTACTS, alice) == before
        assert not MergedRecord.objects.exists()
        raise Rollback
