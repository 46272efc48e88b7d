"""What names are found by, and how they sort."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.encryption.normalise import normalise_email, normalise_phone, normalise_text
from compliance.encryption.words import is_match, prefixes, query_prefixes, sort_key, sort_rank


@pytest.fixture(autouse=True)
def inside_acme():
    """Nothing here touches a database."""


def found(query, *texts):
    wanted = query_prefixes(query)
    return bool(wanted) and wanted <= prefixes(texts) and is_match(query, texts)


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("tho", ["Thompson", "Margaret"]),
        ("marg thom", ["Thompson", "Margaret"]),
        ("THOMPSON", ["Thompson", "Margaret"]),
        ("mull", ["Müller"]),
        ("Müll", ["Muller"]),
        ("jane.doe@exa", ["jane.doe@example.com"]),
        ("wolfeschlegel", ["Wolfeschlegelstein"]),
        ("张", ["张", "三"]),
        ("张三", ["张", "三"]),
        ("三", ["张", "三"]),
        ("小明", ["王", "小明"]),
        ("王小明", ["王", "小明"]),
        ("zhangs", ["张", "三"]),
        ("zhang san", ["张", "三"]),
        ("zs", ["张", "三"]),
        ("zeng", ["曾", "国藩"]),
        ("ив", ["Иванов"]),
    ],
)
def test_a_name_is_found(query, texts):
    assert found(query, *texts)


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("x", ["Xavier"]),
        ("", ["Xavier"]),
        ("hompson", ["Thompson"]),
        ("marg smith", ["Thompson", "Margaret"]),
        ("wolfeschlegerl", ["Wolfeschlegelstein"]),
        ("张四", ["张", "三"]),
        ("三张", ["张", "三"]),
        ("明小", ["小明"]),
    ],
)
def test_a_name_is_not_found(query, texts):
    assert not found(query, *texts)


@given(st.lists(st.text(max_size=12), max_size=3), st.data())
def test_the_index_misses_nothing_the_exact_test_accepts(texts, data):
    words = [word for text in texts for word in normalise_text(text).split() if len(word) > 1]
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    query = word[: data.draw(st.integers(2, len(word)))]

    if query_prefixes(query) and is_match(query, texts):
        assert query_prefixes(query) <= prefixes(texts)


def test_names_sort_by_letter_whatever_their_script():
    names = ["张三", "Zoë", "Ärger", "李四", "Adam", "42nd Street", "Иванов", "", "阿明"]

    assert sorted(names, key=sort_key) == [
        "", "42nd Street", "Adam", "阿明", "Ärger", "李四", "张三", "Zoë", "Иванов",
    ]  # fmt: skip


@given(st.text(max_size=6), st.text(max_size=6))
def test_ranks_fit_their_column_and_agree_with_the_exact_order(some, other):
    assert 0 <= sort_rank(some) <= 32_767
    if sort_rank(some) < sort_rank(other):
        assert sort_key(some) < sort_key(other)


@pytest.mark.parametrize(
    ("normalise", "written", "normal"),
    [
        (normalise_text, "  Jane   DOE\u3000", "jane doe"),
        (normalise_text, "ＳＴＲＡßＥ", "strasse"),
        (normalise_email, " Jane.Doe@EXAMPLE.com ", "jane.doe@example.com"),
        (normalise_email, "info@Bücher.example", "info@xn--bcher-kva.example"),
        (normalise_email, "not an address", "not an address"),
        (normalise_phone, "+49 30 123456", "+4930123456"),
    ],
)
def test_values_are_brought_into_one_form(normalise, written, normal):
    assert normalise(written) == normal
