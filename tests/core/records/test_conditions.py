"""Lists show what their conditions say, through page and API alike."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core.records.conditions import dates
from core.records.conditions.tree import Condition, Group, write
from core.records.registry import record_type_named
from core.records.selecting import selection_of
from crm.customers.models.companies import Company
from crm.customers.models.labels import LifecycleStage, Tag
from crm.customers.operations.companies import create_companies, create_company
from crm.customers.operations.contacts import create_contact, create_contacts
from tests.crm.customers.conftest import door  # noqa: F401

VIP, PARTNER = "vip", "partner"


@pytest.fixture
def stages():
    return {stage.key: stage for stage in LifecycleStage.objects.all()}


@pytest.fixture
def tags():
    return {tag.key: tag for tag in Tag.objects.all()}


@pytest.fixture
def companies(alice, bob, stages, tags):
    rows = {
        "Initech": {
            "industry": "software", "employees": 50, "country": "GB", "owner": bob.pk,
            "website": "www.initech.com", "tags": [tags[VIP].pk],
            "lifecycle_stage": stages["customer"].pk, "founded_year": 1999,
        },
        "Umbrella": {
            "industry": "pharmaceuticals", "employees": 5000, "country": "US",
            "tags": [tags[VIP].pk, tags[PARTNER].pk], "phone": "+442079460123",
        },
        "Hooli": {"industry": "software", "revenue": "1000.50", "currency": "USD"},
        "Acorn 100%": {"source": "event", "description": "x"},
    }  # fmt: skip
    named = {name: {"name": name, "owner": alice.pk, **row} for name, row in rows.items()}
    return create_companies(named, actor=alice.as_actor()).records


@pytest.fixture
def people(alice, companies):
    rows = {
        "Ada": {
            "given_name": "Ada", "family_name": "Lovelace", "title": "Chief Analyst",
            "emails": [{"email": "ada@initech.com"}], "do_not_call": True,
            "companies": [{"company": companies["Initech"].pk}],
            "addresses": [{"country": "GB", "city": "London"}],
        },
        "Albert": {
            "given_name": "Albert", "family_name": "Wesker", "title": "Head of Research",
            "phones": [{"number": "+442079460999"}], "language": "en",
            "companies": [{"company": companies["Umbrella"].pk}],
        },
        "Gavin": {"given_name": "Gavin", "family_name": "Belson"},
    }  # fmt: skip
    return create_contacts(rows, actor=alice.as_actor()).records


def found(door, member, slug, tree):  # noqa: F811
    return sorted(door.names(member, slug, filter=tree))


ASKED_OF_COMPANIES = {
    "name:contains:INI": ["Initech"],
    "name:lacks:i": ["Acorn 100%", "Umbrella"],
    'name:contains:"0%"': ["Acorn 100%"],
    "name:starts:um": ["Umbrella"],
    "name:is:hooli": ["Hooli"],
    "domain:filled": ["Initech"],
    "domain:empty,industry:filled": ["Hooli", "Umbrella"],
    "employees:above:50": ["Umbrella"],
    "employees:below:51": ["Initech"],
    "employees:between:50|5000": ["Initech", "Umbrella"],
    "employees:empty": ["Acorn 100%", "Hooli"],
    "employees:is:50": ["Initech"],
    "revenue:is:1000.5": ["Hooli"],
    "industry:any:Software|x": ["Hooli", "Initech"],
    "industry:none:software": ["Acorn 100%", "Umbrella"],
    "country:any:gb|US": ["Initech", "Umbrella"],
    "lifecycle_stage:empty,employees:filled": ["Umbrella"],
    "owner:none:me": ["Initech"],
    "tags:any:{vip}": ["Initech", "Umbrella"],
    "tags:all:{vip}|{partner}": ["Umbrella"],
    "tags:none:{partner},tags:filled": ["Initech"],
    "tags:empty": ["Acorn 100%", "Hooli"],
    'phone:is:"020 7946 0123"': ["Umbrella"],
    "phone:empty,employees:filled": ["Initech"],
    "phone:is:nonsense": [],
    "or(name:is:hooli,and(employees:above:1,country:any:US))": ["Hooli", "Umbrella"],
    "contacts.title:contains:chief": ["Initech"],
    "founded_year:below:2000": ["Initech"],
    "created_at:is:today,name:is:hooli": ["Hooli"],
    "created_at:before:today": [],
    "created_at:last:1,name:is:hooli": ["Hooli"],
    "created_at:in:this_year,name:is:hooli": ["Hooli"],
    "created_at:in:last_month": [],
}
ASKED_OF_CONTACTS = {
    "name:starts:al": ["Albert Wesker"],
    "name:starts:lovelacy": [],
    "email:is:ADA@initech.com": ["Ada Lovelace"],
    "email:empty,phone:empty": ["Gavin Belson"],
    'phone:is:"+44 20 7946 0999"': ["Albert Wesker"],
    "do_not_call:yes": ["Ada Lovelace"],
    "do_not_call:no,title:filled": ["Albert Wesker"],
    "company:empty": ["Gavin Belson"],
    "company.industry:any:pharmaceuticals": ["Albert Wesker"],
    "company.employees:above:10": ["Ada Lovelace", "Albert Wesker"],
    "company.tags:any:{partner}": ["Albert Wesker"],
    "country:any:GB": ["Ada Lovelace"],
    "country:empty,title:filled": ["Albert Wesker"],
    "language:any:en": ["Albert Wesker"],
    "or(title:contains:chief,name:starts:gav)": ["Ada Lovelace", "Gavin Belson"],
}


def _filled(text, tags):
    return text.format(**{key: tag.pk for key, tag in tags.items()}) if "{" in text else text


@pytest.mark.parametrize("text", ASKED_OF_COMPANIES)
def test_companies_are_found_by(text, door, alice, people, tags):  # noqa: F811
    assert found(door, alice, "companies", _filled(text, tags)) == ASKED_OF_COMPANIES[text]


@pytest.mark.parametrize("text", ASKED_OF_CONTACTS)
def test_contacts_are_found_by(text, door, alice, people, tags):  # noqa: F811
    assert found(door, alice, "contacts", _filled(text, tags)) == ASKED_OF_CONTACTS[text]


def test_related_records_nobody_may_see_answer_nothing(door, alice, bob, companies):  # noqa: F811
    create_contact(
        actor=bob.as_actor(),
        family_name="Reed",
        companies=[{"company": companies["Initech"].pk}],
    )
    Company.objects.filter(name="Initech").update(owner=alice)

    assert found(door, bob, "contacts", "company.name:is:initech") == []
    assert found(door, alice, "contacts", "company.name:is:initech") == ["Reed"]


def test_a_role_without_companies_cannot_ask_them(door, bob, companies):  # noqa: F811
    create_contact(
        actor=bob.as_actor(),
        family_name="Reed",
        companies=[{"company": companies["Initech"].pk}],
    )
    bob.role.grants = ["customers.view_contact:own"]
    bob.role.save(update_fields=["grants"])

    assert found(door, bob, "contacts", "company.name:is:initech") == []


@pytest.mark.parametrize(
    "text",
    [
        "salary:is:1",
        "company.salary:is:1",
        "company.parent.name:is:x",
        "title:is:",
        "title:above:1",
        "title:is",
        "title:is:a|b",
        "owner:any:nobody",
        "updated_at:last:0",
        "updated_at:last:-1",
        "updated_at:last:99999999",
        "updated_at:in:this_century",
        "updated_at:is:2026-02-30",
        "company.employees:above:NaN",
        "company.employees:above:1e999",
        'title:contains:"a\0b"',
        "((",
    ],
)
def test_a_filter_that_says_nothing_is_refused_in_words(text, as_member, alice, people):
    page = as_member(alice).get("/contacts/", {"filter": text})
    api = as_member(alice).get("/api/v1/contacts/", {"filter": text})

    assert page.status_code == api.status_code == 400
    assert api.json()["errors"]["filter"][0] in page.context["list"].problem
    assert not page.context["list"].rows
    with pytest.raises(ValidationError):
        selection_of(record_type_named("contact"), QueryDict(f"filter={text}"), alice.as_actor())


@pytest.mark.parametrize("text", ["created_at:after:9999-12-31", "created_at:before:0001-01-01"])
def test_the_ends_of_time_are_days_like_others(text, door, alice, people):  # noqa: F811
    assert found(door, alice, "contacts", text) == []


def test_days_are_those_of_the_member(as_member, alice):
    create_company(actor=alice.as_actor(), name="Initech")
    late = datetime(2026, 3, 31, 20, 30, tzinfo=UTC)
    Company.objects.update(created_at=late)
    alice.time_zone = "Asia/Shanghai"
    alice.save(update_fields=["time_zone"])
    visitor = as_member(alice)

    def count(text):
        return len(visitor.get("/companies/", {"filter": text}).context["list"].rows)

    assert count("created_at:is:2026-04-01") == 1
    assert count("created_at:is:2026-03-31") == 0
    assert count("created_at:between:2026-04-01|2026-04-02") == 1


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [
        ("this_week", date(2026, 11, 16), date(2026, 11, 23)),
        ("last_week", date(2026, 11, 9), date(2026, 11, 16)),
        ("next_month", date(2026, 12, 1), date(2027, 1, 1)),
        ("last_quarter", date(2026, 7, 1), date(2026, 10, 1)),
        ("this_quarter", date(2026, 10, 1), date(2027, 1, 1)),
        ("next_quarter", date(2027, 1, 1), date(2027, 4, 1)),
        ("this_year", date(2026, 1, 1), date(2027, 1, 1)),
        ("last_year", date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_periods_begin_and_end_where_people_expect(name, begin, end):
    assert dates.period(name, date(2026, 11, 22)) == (begin, end)


def test_older_parameters_and_conditions_narrow_together(door, alice, people, companies):  # noqa: F811
    shown = door.names(
        alice, "contacts", company=str(companies["Initech"].pk), filter="title:contains:head"
    )

    assert shown == []


def test_a_selection_is_what_the_list_shows(alice, bob, people):
    kind = record_type_named("contact")
    params = QueryDict("filter=title:filled&search=al&page=7&sort=name")

    assert [str(each) for each in selection_of(kind, params, alice.as_actor())] == ["Albert Wesker"]
    assert not selection_of(kind, params, bob.as_actor()).exists()


# ---------- Any tree, against a second opinion ----------
SAMPLE = [
    {"name": "Aa", "employees": 1, "industry": "software", "tags": [VIP]},
    {"name": "Ab", "employees": 5, "industry": "", "tags": [VIP, PARTNER]},
    {"name": "b_", "employees": None, "industry": "energy", "tags": []},
    {"name": "ba", "employees": 9, "industry": "software", "tags": [PARTNER]},
]
leaves = st.one_of(
    st.builds(
        lambda operator, text: Condition("name", operator, (text,)),
        st.sampled_from(["contains", "lacks", "is", "starts"]),
        st.sampled_from(["a", "b", "_", "AA", "%", "\\"]),
    ),
    st.builds(
        lambda operator, value: Condition("employees", operator, (str(value),)),
        st.sampled_from(["is", "above", "below"]),
        st.integers(0, 10),
    ),
    st.builds(
        lambda operator, values: Condition("industry", operator, tuple(values)),
        st.sampled_from(["any", "none"]),
        st.lists(st.sampled_from(["software", "energy", "x"]), min_size=1, max_size=2),
    ),
    st.builds(
        lambda operator, values: Condition("tags", operator, tuple(values)),
        st.sampled_from(["any", "all", "none"]),
        st.lists(st.sampled_from([VIP, PARTNER]), min_size=1, max_size=2),
    ),
    st.builds(
        Condition,
        st.sampled_from(["employees", "industry", "tags"]),
        st.sampled_from(["empty", "filled"]),
    ),
)
some_trees = st.recursive(
    leaves,
    lambda children: st.builds(
        Group, st.sampled_from(["and", "or"]), st.lists(children, min_size=1, max_size=3).map(tuple)
    ),
    max_leaves=6,
).filter(lambda part: _depth(part) <= 3)


def _depth(part):
    return 1 + max(map(_depth, part.parts)) if isinstance(part, Group) else 0


def is_true(part, row):
    if isinstance(part, Group):
        answers = [is_true(inner, row) for inner in part.parts]
        return all(answers) if part.joint == "and" else any(answers)
    value = row[part.field]
    if part.operator in ("empty", "filled"):
        return (value in (None, "", [])) == (part.operator == "empty")
    return ANSWERS[part.field, part.operator](value, part.values)


ANSWERS = {
    ("name", "contains"): lambda value, said: said[0].lower() in value.lower(),
    ("name", "lacks"): lambda value, said: said[0].lower() not in value.lower(),
    ("name", "is"): lambda value, said: said[0].lower() == value.lower(),
    ("name", "starts"): lambda value, said: value.lower().startswith(said[0].lower()),
    ("employees", "is"): lambda value, said: value == int(said[0]),
    ("employees", "above"): lambda value, said: value is not None and value > int(said[0]),
    ("employees", "below"): lambda value, said: value is not None and value < int(said[0]),
    ("industry", "any"): lambda value, said: value in said,
    ("industry", "none"): lambda value, said: value not in said,
    ("tags", "any"): lambda value, said: bool({*value} & {*said}),
    ("tags", "all"): lambda value, said: {*said} <= {*value},
    ("tags", "none"): lambda value, said: not {*value} & {*said},
}


@settings(max_examples=60)
@given(tree=some_trees)
def test_any_tree_finds_what_a_person_going_through_the_rows_would(tree, alice, tags):
    actor = alice.as_actor()
    if not Company.objects.exists():
        rows = {
            row["name"]: {**row, "tags": [tags[key].pk for key in row["tags"]]} for row in SAMPLE
        }
        create_companies(rows, actor=actor)
    said = write(tree if isinstance(tree, Group) else Group("and", (tree,)))
    for key in (VIP, PARTNER):
        said = said.replace(key, str(tags[key].pk))
    params = QueryDict(mutable=True)
    params["filter"] = said

    names = selection_of(record_type_named("company"), params, actor).values_list("name", flat=True)

    assert sorted(names) == sorted(row["name"] for row in SAMPLE if is_true(tree, row))


def test_relative_days_end_and_begin_today():
    today = timezone.localdate()

    assert dates.last_days(1, today) == dates.next_days(1, today) == (
        today, today + timedelta(days=1)
    )  # fmt: skip
