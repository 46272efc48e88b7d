"""The filter an address carries, read and applied for one record type."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import Model, QuerySet

from core.field_rights import FieldRights
from core.records.conditions.applying import Language
from core.records.conditions.fields import Asking, Filterable
from core.records.conditions.tree import PARAMETER, Group, parse
from core.records.narrowing import with_rights
from core.records.registry import RecordType, record_type_of


def language_of(record_type: RecordType) -> Language:
    """Return what conditions may say about records of this type."""
    return _language(record_type.name, record_type.rights)


def tree_in(params: Mapping[str, Any]) -> Group:
    """Return the filter these parameters carry; raise ValidationError when it cannot be read."""
    return parse(params.get(PARAMETER, "") or "")


def by_conditions(
    rows: QuerySet[Any], record_type: RecordType, params: Mapping[str, Any], asking: Asking
) -> QuerySet[Any]:
    """Return those of the rows for which the filter of these parameters is true."""
    return language_of(record_type).apply(tree_in(params), rows, asking)


@lru_cache(maxsize=1024)
def _language(name: str, rights: FieldRights) -> Language:
    def filterable_of(model: type[Model]) -> Filterable:
        return with_rights(record_type_of(model).name, rights).listing.filterable

    return Language(with_rights(name, rights).listing.filterable, filterable_of, _permission_of)


def _permission_of(model: type[Model]) -> str:
    return record_type_of(model).permission("view")
