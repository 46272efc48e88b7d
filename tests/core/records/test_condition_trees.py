"""A filter's text and its tree are the same thing, and what is no filter is said so."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.records.conditions.tree import DEEPEST, Condition, Group, conditions_of, parse, write

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}(\.[a-z]{1,6})?", fullmatch=True)
values = st.lists(st.text(max_size=12).filter(lambda text: "\0" not in text), max_size=3)
conditions = st.builds(Condition, names, names, values.map(tuple))


def groups(children, *, fewest=1):
    joints = st.sampled_from(["and", "or"])
    return st.builds(Group, joints, st.lists(children, min_size=fewest, max_size=3).map(tuple))


inner = groups(conditions)
trees = st.lists(
    st.one_of(conditions, inner, groups(st.one_of(conditions, inner))), max_size=3
).map(
    lambda parts: (
        parts[0] if len(parts) == 1 and isinstance(parts[0], Group) else Group("and", tuple(parts))
    )
)


@given(trees)
def test_reading_what_was_written_gives_the_same_tree(tree):
    assert parse(write(tree)) == tree


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    refusal = None
    try:
        tree = parse(text)
    except ValidationError as error:
        refusal = error

    if refusal is None:
        assert parse(write(tree)) == tree
    else:
        assert refusal.message_dict.keys() == {"filter"}


def test_a_filter_reads_like_a_sentence():
    tree = parse('title:contains:chief,or(owner:any:me|x, updated_at:last:30),city:is:"a, b"')

    assert tree == Group(
        "and",
        (
            Condition("title", "contains", ("chief",)),
            Group(
                "or",
                (Condition("owner", "any", ("me", "x")), Condition("updated_at", "last", ("30",))),
            ),
            Condition("city", "is", ("a, b",)),
        ),
    )
    assert [each.field for each in conditions_of(tree)] == ["title", "owner", "updated_at", "city"]


@pytest.mark.parametrize(
    "text",
    [
        "title",
        "title:",
        "title:is:x,",
        "title:is:x)",
        "or(title:is:x",
        "or()",
        "not(title:is:x)",
        '"title:is:x',
        ",",
        "title:is:x|",
        "x" * 6_001,
        ",".join(["a:b:c"] * 41),
        "a:b:" + "|".join(["1"] * 201),
        "and(" * DEEPEST + "a:b" + ")" * DEEPEST,
    ],
)
def test_what_is_no_filter_is_refused(text):
    with pytest.raises(ValidationError) as refusal:
        parse(text)

    assert refusal.value.message_dict.keys() == {"filter"}


def test_no_text_is_no_filter():
    assert parse("") == parse("  ") == Group()
    assert not parse("")
