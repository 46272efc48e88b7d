"""The filter an address carries, read and applied for one record type."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db.models import Model, QuerySet

from core.records.conditions.applying import Language
from core.records.conditions.fields import Asking, Filterable
from core.records.conditions.tree import PARAMETER, Group, parse
from core.records.registry import RecordType, record_type_of


def language_of(record_type: RecordType) -> Language:
    """Return what conditions may say about records of this type."""
    return _language(record_type.model)


def tree_in(params: Mapping[str, Any]) -> Group:
    """Return the filter these parameters carry; raise ValidationError when it cannot be read."""
    return parse(params.get(PARAMETER, "") or "")


def by_conditions(
    rows: QuerySet[Any], record_type: RecordType, params: Mapping[str, Any], asking: Asking
) -> QuerySet[Any]:
    """Return those of the rows for which the filter of these parameters is true."""
    return language_of(record_type).apply(tree_in(params), rows, asking)


@cache
def _language(model: type[Model]) -> Language:
    return Language(record_type_of(model).listing.filterable, _filterable_of, _permission_of)


def _filterable_of(model: type[Model]) -> Filterable:
    return record_type_of(model).listing.filterable


def _permission_of(model: type[Model]) -> str:
    return record_type_of(model).permission("view")
