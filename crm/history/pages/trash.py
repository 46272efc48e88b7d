"""The trash of one record type, as one person sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import ngettext

from core.access import can
from core.actors import Actor
from core.records.narrowing import types_viewed_by
from core.records.registry import RecordType
from crm.history.models.change_sets import RETENTION

SIZE = 50


@dataclass(frozen=True, slots=True)
class Tab:
    label: Any
    url: str
    current: bool
    count: int


class TrashPage:
    """What lies in the trash, the newest first, and how long it stays there."""

    def __init__(self, record_type: RecordType, actor: Actor, at: datetime, number: str) -> None:
        self.record_type, self.actor, self.at, self.number = record_type, actor, at, number

    @property
    def tabs(self) -> Sequence[Tab]:
        return [
            Tab(
                each.menu.plural,
                reverse("trash", args=[each.menu.slug]),
                each is self.record_type,
                in_trash(each, self.actor).count(),
            )
            for each in types_viewed_by(self.actor)
        ]

    @cached_property
    def page(self) -> Page[Any]:
        rows = in_trash(self.record_type, self.actor).select_related("deleted_by")
        # Whole rows: what a page of a list reads along leaves the person who deleted it out.
        return Paginator(rows.order_by("-deleted_at", "-pk"), SIZE).get_page(self.number)

    @property
    def rows(self) -> list[tuple[Any, str]]:
        """Return each record with the days it has left."""
        return [(record, self._left(record.deleted_at)) for record in self.page.object_list]

    def _left(self, deleted_at: datetime) -> str:
        days = max(0, (deleted_at + RETENTION - self.at + timedelta(days=1)).days)
        return ngettext("%(count)s day left", "%(count)s days left", days) % {"count": days}

    @property
    def may_restore(self) -> bool:
        return can(self.actor, self.record_type.permission("delete"))

    @property
    def may_destroy(self) -> bool:
        return can(self.actor, self.record_type.permission("destroy"))


def in_trash(record_type: RecordType, actor: Actor) -> Any:
    """Return what this person sees of a record type's trash."""
    rows: Any = record_type.model._default_manager.all()
    return rows.in_trash_of(actor)


def restore_url(record_type: RecordType, pk: UUID) -> str:
    """Return the address that takes one record out of the trash: what Undo after a deletion posts to."""
    return f"{reverse('trash-restore', args=[record_type.menu.slug])}?ids={pk}"
