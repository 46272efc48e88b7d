"""Finding and sorting records by values the database cannot read."""

import base64

import pytest
from django.db import connection

from compliance.encryption.errors import PlaintextRefused
from compliance.encryption.fields import SealedTextField
from compliance.encryption.records import prefix_index, prefix_matcher
from compliance.encryption.words import sort_key
from tests.compliance.encryption.models import Phone

NAMES = [
    ("Thompson", "Margaret"),
    ("Thomas", "Mark"),
    ("Müller", "Jürgen"),
    ("张", "三"),
    ("张", "伟"),
    ("曾", "国藩"),
]


@pytest.fixture
def crowd(people):
    people.objects.bulk_create(
        people(family_name=family, given_name=given, email=f"p{number}@example.com")
        for number, (family, given) in enumerate(NAMES)
    )
    return people.objects


def search(crowd, query):
    matches = prefix_matcher(crowd.model, query)
    rows = crowd.matching_prefix(query).order_by("id")
    return [row.family_name + row.given_name for row in rows if matches(row)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tho", ["ThompsonMargaret", "ThomasMark"]),
        ("tho marg", ["ThompsonMargaret"]),
        ("jurgen", ["MüllerJürgen"]),
        ("张", ["张三", "张伟"]),
        ("张伟", ["张伟"]),
        ("zhang w", ["张伟"]),
        ("zgf", ["曾国藩"]),
        ("p1@example", ["ThomasMark"]),
        ("t", []),
        ("", []),
        ("smith", []),
    ],
)
def test_people_are_found_by_the_beginnings_of_their_names(crowd, query, found):
    assert search(crowd, query) == found


def test_people_are_found_by_an_exact_value_however_it_is_written(crowd):
    assert crowd.where(email=" P3@EXAMPLE.com ").get().family_name == "张"
    assert crowd.where_any("email", ["p0@example.com", "P2@example.com", "", None]).count() == 2
    assert not crowd.where(email="").exists()
    assert not crowd.where(email="p0@example.co").exists()


def test_a_field_without_an_index_says_so(crowd):
    with pytest.raises(LookupError, match=r"Person\.given_name has no exact index"):
        crowd.where(given_name="Mark")
    with pytest.raises(LookupError, match="prefix index"):
        prefix_index(Phone)


def test_the_rank_orders_rows_as_the_exact_order_does(crowd):
    ranked = [row.family_name for row in crowd.order_by("name_rank", "id")]
    exact = sorted((family for family, _given in NAMES), key=sort_key)

    assert [name[0] for name in ranked] == [name[0] for name in exact]
    with pytest.raises(PlaintextRefused):
        crowd.order_by("family_name")


def test_a_search_uses_the_index(crowd):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = crowd.matching_prefix("thom marg").explain()

    assert "sealed_person_prefixes" in plan


def test_indexes_stay_when_nobody_opened_their_sources(crowd, django_assert_num_queries):
    person = crowd.where(email="p0@example.com").get()
    before = person.email_index, person.name_prefixes

    with django_assert_num_queries(0, using="vault"):
        person.title = "Dr"
        person.save()

    person.refresh_from_db()
    assert (person.email_index, person.name_prefixes) == before


def test_one_changed_source_is_indexed_with_those_that_stayed(crowd):
    person = crowd.defer("given_name").where(email="p0@example.com").get()

    person.family_name = "Smith"
    person.save()

    assert search(crowd, "smith marg") == ["SmithMargaret"]
    assert search(crowd, "thompson") == []


def test_an_index_depends_on_its_version(people):
    older = people._meta.get_field("email_index")
    newer = type(older)(source="email", normalise="email", index_version=2)
    newer.model = people

    assert older.index_of(["a@example.com"]) != newer.index_of(["a@example.com"])


def test_a_dump_of_the_table_holds_no_plaintext(crowd):
    sealed = [f for f in crowd.model._meta.concrete_fields if isinstance(f, SealedTextField)]
    secrets = [word for family, given in NAMES for word in (family, given)] + ["example.com"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {crowd.model._meta.db_table}")
        dump = b"\n".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
                          for row in cursor.fetchall() for v in row)  # fmt: skip

    assert sealed
    for secret in secrets:
        for plain in (secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be")):
            # Two bytes come up by chance; three do not.
            if len(plain) > 2:
                assert plain not in dump
                assert plain.hex().encode() not in dump
                assert base64.b64encode(plain).rstrip(b"=") not in dump
