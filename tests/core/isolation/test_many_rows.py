"""Writing many rows at once is fast, and as loyal to the workspace as writing one."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.isolation.copying import FEWEST
from core.isolation.scope import IsolationError
from core.records.writing import explained
from crm.customers.models.labels import Tag
from tests.conftest import inside


def _tags(count: int) -> list[Tag]:
    return [Tag(own_name=f"Tag {number}", position=number) for number in range(count)]


def test_many_rows_are_copied_as_they_are():
    with CaptureQueriesContext(connection) as captured:
        made = Tag.objects.bulk_create(_tags(FEWEST))

    assert not any(query["sql"].startswith("INSERT") for query in captured.captured_queries)
    read = Tag.objects.filter(own_name__startswith="Tag ").order_by("position")
    assert [(tag.pk, tag.own_name) for tag in read] == [(tag.pk, tag.own_name) for tag in made]
    assert not any(tag._state.adding for tag in made)


def test_few_rows_are_inserted():
    with CaptureQueriesContext(connection) as captured:
        Tag.objects.bulk_create(_tags(FEWEST - 1))

    assert sum(query["sql"].startswith("INSERT") for query in captured.captured_queries) == 1


def test_a_constraint_speaks_in_its_own_words():
    tags = [*_tags(FEWEST), Tag(own_name="tag 1")]

    with (
        pytest.raises(ValidationError, match="already a tag"),
        explained(Tag),
        transaction.atomic(),
    ):
        Tag.objects.bulk_create(tags)
    assert not Tag.objects.filter(own_name="Tag 2").exists()


@pytest.mark.parametrize("count", [1, FEWEST])
def test_rows_made_in_another_workspace_are_refused(globex, count):
    foreign = inside(globex, lambda: _tags(count))

    with pytest.raises(IsolationError):
        Tag.objects.bulk_create(foreign)
    assert not Tag.objects.filter(own_name="Tag 0").exists()


def test_a_row_made_quickly_is_the_row_calling_the_class_makes():
    quick, usual = Tag.fresh(own_name="VIP"), Tag(own_name="VIP")

    assert quick._state.adding
    differing = {field.name for field in Tag._meta.concrete_fields} - {"id"}
    assert all(getattr(quick, name) == getattr(usual, name) for name in differing)
    assert quick.pk != usual.pk


def test_signs_that_separate_are_copied_as_they_are():
    said = "a\\b\tc\nd\re\\N"
    tags = [*_tags(FEWEST), Tag(own_name=said)]

    Tag.objects.bulk_create(tags)

    assert Tag.objects.get(pk=tags[-1].pk).own_name == said
