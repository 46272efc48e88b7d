"""What a search finds, by every door."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records.relevance import relevance_to
from crm.customers.nearness import is_near, near_queries, near_terms
from crm.customers.operations.companies import create_company, delete_company
from crm.customers.operations.contacts import create_contact, delete_contact
from crm.notes.operations import add_note, delete_note


def person(actor, family_name, given_name="", **more):
    return create_contact(actor=actor, family_name=family_name, given_name=given_name, **more)


@pytest.mark.parametrize(
    "query", ["张三", "张", "zhangsan", "zhangs", "zs", "san", "Zhang San".replace(" ", "")]
)
def test_chinese_names_are_found_by_characters_pinyin_and_initials(search, alice, query):
    person(alice.as_actor(), "张", "三")

    assert search(alice, query) == {"contact": ["张三"]}


@pytest.mark.parametrize("query", ["ada", "love", "LOVE ad", "ada love"])
def test_people_are_found_by_the_beginning_of_any_part_of_their_names(search, bob, ada, query):
    assert search(bob, query) == {"contact": ["Ada Lovelace"]}


@pytest.mark.parametrize(
    "query",
    ["ada@initech.com", "ADA@Initech.com", "ada@", "ada@ini", "02079460123", "+44 20 7946 0123"],
)
def test_people_are_found_by_the_beginning_of_an_address_and_by_a_whole_number(
    search, bob, ada, query
):
    assert search(bob, query) == {"contact": ["Ada Lovelace"]}


@pytest.mark.parametrize("query", ["a@", "ada@x", "initech.com@", "0207946", "elace", "zz", "@"])
def test_what_nobody_is_called_finds_nobody(search, bob, ada, query):
    assert "contact" not in search(bob, query)


def test_an_address_whose_beginning_is_typed_need_not_be_the_name(search, bob):
    person(bob.as_actor(), "Hopper", "Grace", emails=[{"email": "amazing@navy.example"}])

    assert search(bob, "amaz") == {"contact": ["Grace Hopper"]}


@pytest.mark.parametrize(
    "query", ["initech", "inite", "initech.com", "intech", "initehc", "initexh", "innitech"]
)
def test_companies_are_found_by_name_and_domain_though_a_letter_is_wrong(
    search, bob, initech, query
):
    assert search(bob, query)["company"] == ["Initech"]


@pytest.mark.parametrize("query", ["intch", "nothing", "init x"])
def test_two_wrong_letters_are_another_name(search, bob, initech, query):
    assert "company" not in search(bob, query)


def test_what_is_really_called_so_hides_what_is_nearly(search, alice):
    for name in ("Halden", "Halder"):
        create_company(actor=alice.as_actor(), name=name)

    assert search(alice, "halder") == {"company": ["Halder"]}


def test_notes_are_found_by_whole_words_on_records_one_may_see(search, bob, alice, carol, ada):
    add_note(ada, html="<p>The frame agreement ends in May</p>", actor=bob.as_actor())
    other = person(alice.as_actor(), "Hopper")
    add_note(other, html="<p>Another agreement</p>", actor=alice.as_actor())

    assert search(bob, "agreement") == {"note": ["Ada Lovelace"]}
    assert search(carol, "agreement") == {"note": ["Hopper", "Ada Lovelace"]}
    assert search(bob, "agree") == {}


def test_a_deleted_note_is_not_found(search, bob, ada):
    note = add_note(ada, html="<p>Agreement</p>", actor=bob.as_actor())
    delete_note(note, actor=bob.as_actor(), at=note.created_at)

    assert search(bob, "agreement") == {}


def test_the_likeliest_come_first(search, alice):
    actor = alice.as_actor()
    person(actor, "Lindström", "Anna")
    person(actor, "Li", "Wei")
    person(actor, "Linden", "Bo")

    assert search(alice, "li")["contact"][0] == "Wei Li"
    assert search(alice, "anna lindstrom")["contact"] == ["Anna Lindström"]


def test_a_kind_with_a_likelier_hit_comes_first(search, alice):
    person(alice.as_actor(), "Initechson", "Ann")
    create_company(actor=alice.as_actor(), name="Initech")

    assert list(search(alice, "initech")) == ["company", "contact"]


def test_only_what_one_may_see_is_found(search, bob, carol, alice, initech, ada):
    initech.owner = ada.owner = alice
    initech.save(update_fields=["owner"])
    ada.save(update_fields=["owner"])

    assert search(bob, "ada") == search(bob, "initech") == {}
    assert search(carol, "ada") == {"contact": ["Ada Lovelace"]}


def test_what_is_in_the_trash_is_not_found(search, bob, initech, ada):
    delete_contact(ada, actor=bob.as_actor())
    delete_company(initech, actor=bob.as_actor())

    assert search(bob, "ada") == search(bob, "initech") == search(bob, "intech") == {}


def test_a_search_asks_few_questions(as_member, alice, django_assert_max_num_queries, ada):
    visitor = as_member(alice)
    visitor.get("/search/", {"q": "ada"}, headers={"HX-Request": "true"})

    # A savepoint around the request in tests, the session, the member, and for each kind two.
    with django_assert_max_num_queries(11):
        visitor.get("/search/", {"q": "ada"}, headers={"HX-Request": "true"})


def test_relevance_tells_whole_names_from_parts():
    said = {
        title: relevance_to("anna li")(title)
        for title in ("Anna Li", "Li, Anna", "ANNA LIND", "Joanna Li")
    }

    assert said == {"Anna Li": 3, "Li, Anna": 2, "ANNA LIND": 1, "Joanna Li": 0}


LETTERS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=12)


@given(LETTERS, st.data())
def test_one_wrong_letter_is_always_forgiven(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcxyz"))
    wrong = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
            ]
        )
    )

    stored = near_terms([word])
    assert all(stored & set(variants) for variants in near_queries(wrong))
    assert is_near(wrong, [word])
