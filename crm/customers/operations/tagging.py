"""Putting tags on many records at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from core.records.writing import Problems
from crm.customers.models.customer import Customer
from crm.customers.operations.references import References, Row


def new_tags(
    record: Customer, row: Row, references: References, *, problems: Problems
) -> list[UUID] | None:
    """Return the tags the row gives the record, or None when these are the ones it has."""
    if "tags" not in row:
        return None
    try:
        tags = references.tag_ids(row["tags"])
    except ValidationError as error:
        problems["tags"] = error.error_list
        return None
    before = [] if record._state.adding else record.tag_ids
    return None if set(tags) == set(before) else tags


def replace_tags(through: Any, wanted: Mapping[Any, list[UUID]]) -> None:
    """Give each record exactly these tags; records without any have none to take off."""
    if not wanted:
        return
    owner = through.owner_field
    tagged = [record.pk for record in wanted if record.__dict__.get("tags_read")]
    if tagged:
        through.objects.filter(**{f"{owner}__in": tagged}).delete()
    rows = [
        through.fresh(**{owner: record.pk, "tag_id": tag_id})
        for record, tag_ids in wanted.items()
        for tag_id in tag_ids
    ]
    if rows:
        through.objects.bulk_create(rows)
    for record, tag_ids in wanted.items():
        if tag_ids:
            record.__dict__.pop("tags_read", None)
        else:
            record.__dict__["tags_read"] = []
