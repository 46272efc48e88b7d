"""The queue of records that may be there twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse

from core.access import can
from core.actors import Actor
from core.records.narrowing import types_viewed_by
from core.records.registry import RecordType
from crm.history.models.duplicates import Duplicate, DuplicateSearch
from crm.history.pages.trash import Tab

SIZE = 20


@dataclass(frozen=True, slots=True)
class Twice:
    """Two records that may be one, as the queue shows them."""

    pair: Duplicate
    records: Sequence[Any]
    reason: Any
    merge_url: str
    may_change: bool


class DuplicatesPage:
    """The pairs of one record type both of which somebody sees, the surest first."""

    def __init__(self, record_type: RecordType, actor: Actor, number: str) -> None:
        self.record_type, self.actor, self.number = record_type, actor, number

    @property
    def tabs(self) -> list[Tab]:
        return [
            Tab(
                each.menu.plural,
                reverse("duplicates", args=[each.menu.slug]),
                each is self.record_type,
                Duplicate.objects.seen_by(self.actor, each).waiting().count(),
            )
            for each in types_viewed_by(self.actor)
        ]

    @cached_property
    def page(self) -> Page[Any]:
        pairs = Duplicate.objects.seen_by(self.actor, self.record_type).waiting()
        return Paginator(pairs.order_by("-score", "pk"), SIZE).get_page(self.number)

    @cached_property
    def rows(self) -> list[Twice]:
        pairs = list(self.page.object_list)
        ids = {pk for pair in pairs for pk in (pair.first_id, pair.second_id)}
        rows: Any = self.record_type.model._default_manager.all()
        seen = self.record_type.listing.prepare(rows.visible_to(self.actor).filter(pk__in=ids))
        records = {each.pk: each for each in seen}
        return [
            self._twice(pair, [records[pair.first_id], records[pair.second_id]])
            for pair in pairs
            if pair.first_id in records and pair.second_id in records
        ]

    def _twice(self, pair: Duplicate, records: Sequence[Any]) -> Twice:
        merge, change = self.record_type.url_name("merge"), self.record_type.permission("change")
        return Twice(
            pair,
            records,
            self.record_type.duplicates.reasons.get(pair.reason, pair.reason),
            f"{reverse(merge)}?ids={pair.first_id},{pair.second_id}",
            may_change=all(can(self.actor, change, each) for each in records),
        )

    @property
    def search(self) -> DuplicateSearch | None:
        """The latest look at all records."""
        rows = DuplicateSearch.objects.filter(record_type=self.record_type.name)
        return rows.order_by("-started_at").first()

    @property
    def is_looking(self) -> bool:
        search = self.search
        return search is not None and search.state == DuplicateSearch.State.RUNNING

    @property
    def may_change(self) -> bool:
        return can(self.actor, self.record_type.permission("change"))
