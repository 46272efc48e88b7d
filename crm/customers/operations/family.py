"""The tree of companies: nobody may become their own ancestor."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping
from functools import cached_property
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext_lazy as _

from core.records.writing import RecordInUse, Refusal
from crm.customers.models.companies import Company
from crm.customers.operations.references import Row


class Family:
    """Who is whose parent, read once when a row of the batch names a parent, and kept up to date."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.is_touched = any(row.get("parent") for row in rows)

    @cached_property
    def parents(self) -> dict[UUID, UUID | None]:
        _take_turns()
        rows = Company.objects.exclude(parent=None).values_list("pk", "parent_id")
        return dict(rows.order_by("pk"))

    def adopt(self, company: UUID, parent: UUID | None) -> None:
        """Note the new parent, or raise ValidationError when it descends from the company itself."""
        if not self.is_touched:
            return
        ancestor = parent
        while ancestor is not None:
            if ancestor == company:
                raise ValidationError(
                    _("This company is itself, or belongs to, the company it would belong to."),
                    code="parent_cycle",
                )
            ancestor = self.parents.get(ancestor)
        self.parents[company] = parent


def needed_by_others(companies: Mapping[UUID, Company]) -> dict[Hashable, Refusal]:
    """Refuse each company that others belong to which do not go with it."""
    _take_turns()
    staying = Company.objects.filter(parent__in=companies, deleted_at=None)
    parents = staying.exclude(pk__in=companies).values_list("parent_id", flat=True)
    return {pk: RecordInUse(count) for pk, count in Counter(parents).items() if pk is not None}


def orphan(ids: Collection[UUID]) -> None:
    """Let go of the companies' subsidiaries, which can only lie in the trash themselves."""
    Company.objects.filter(parent__in=ids).update(parent=None)


def _take_turns() -> None:
    """Wait for others who change the tree: two harmless changes can make a circle together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.companies'))")
