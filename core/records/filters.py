"""The base of every record type's filters: pages, API, exports and saved views share them."""

from collections.abc import Mapping
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.records.conditions.applying import no_such_field
from core.records.registry import Searchable, record_type_of


class RecordFilter(django_filters.FilterSet):
    """Filters by the words a person types, by owner and by when a record was made or changed."""

    search = django_filters.CharFilter(method="find", label=_("Search"), max_length=200)
    owner = django_filters.UUIDFilter(field_name="owner_id", label=_("Owner"))
    created_after = django_filters.IsoDateTimeFilter("created_at", "gte", label=_("Created after"))
    created_before = django_filters.IsoDateTimeFilter("created_at", "lt", label=_("Created before"))
    updated_after = django_filters.IsoDateTimeFilter("updated_at", "gte", label=_("Changed after"))
    updated_before = django_filters.IsoDateTimeFilter("updated_at", "lt", label=_("Changed before"))

    # For somebody who does not see all fields: what they may not ask for, and how they search.
    unseen: ClassVar[frozenset[str]] = frozenset()
    search_as: ClassVar[Searchable | None] = None

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        for name in sorted(self.unseen & set(data or ())):
            # Left out, it would mean all records where somebody meant a few.
            raise no_such_field(name)
        # Every list would copy all its filters and their fields, to use one or two.
        known: dict[str, Any] = getattr(type(self), "base_filters")  # noqa: B009
        self.base_filters = {name: each for name, each in known.items() if name in (data or known)}
        super().__init__(data, **kwargs)

    def find(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        search = self.search_as or record_type_of(queryset.model).search
        return search.find(queryset, value)
