"""The list of change sets, and the records of one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from core.actors import Actor
from core.records.registry import Text
from crm.history.models.change_sets import ChangeSet, Portion
from crm.history.models.changes import Change
from crm.history.pages.change_sets import Names, Told
from tenants.members.models import User

SIZE = 50
RECORDS = 50


class HistoryFilter:
    """Which change sets are shown: of one kind, of one member, or all."""

    def __init__(self, params: Mapping[str, str], actor: Actor) -> None:
        self.actor = actor
        self.kind = params.get("kind", "")
        self.member = params.get("member", "")

    @property
    def sets(self) -> Any:
        """The change sets, the newest first."""
        rows = ChangeSet.objects.visible_to(self.actor).select_related("undoes")
        if self.kind in ChangeSet.Kind.values:
            rows = rows.filter(kind=self.kind)
        if self.member in dict(self.members):
            rows = rows.filter(owner=UUID(self.member))
        return rows.order_by("-created_at", "-pk")

    @property
    def kinds(self) -> list[tuple[str, Text]]:
        return [(value, label) for value, label in ChangeSet.Kind.choices]

    @cached_property
    def members(self) -> list[tuple[str, str]]:
        """Those whose change sets one may see; nobody to choose from for who sees only their own."""
        if "history.view_others" not in self.actor.permissions:
            return []
        people = User.objects.order_by("joined_at", "pk")
        return [(str(each.pk), each.name) for each in people]

    @property
    def is_on(self) -> bool:
        return bool(self.kind or self.member)


@dataclass(frozen=True, slots=True)
class Changed:
    """A page of what a change set did: which records, and what was changed on each."""

    page: Page[Any]
    records: Sequence[tuple[str, Told]]


def changes_of(the_set: ChangeSet, actor: Actor, number: str) -> Changed:
    """Return the records of a change set; those made, deleted or restored come before the changed."""
    listed: Any = _Records(the_set)
    page: Page[Any] = Paginator(listed, RECORDS).get_page(number)
    names = Names(actor)
    names.read((kind, pk) for _role, kind, pk, _change in page.object_list)
    return Changed(page, [_told(names, *row) for row in page.object_list])


type Listed = tuple[str, str, UUID, Change | None]


class _Records:
    """The records of a change set, counted without being read."""

    def __init__(self, the_set: ChangeSet) -> None:
        self.set = the_set
        roles = (Portion.Role.CREATED, Portion.Role.DELETED, Portion.Role.RESTORED)
        self.portions = the_set.portions.filter(role__in=roles).order_by("pk")
        self.sizes = [(pk, len(ids)) for pk, ids in self.portions.values_list("pk", "ids")]
        self.noted = sum(size for _pk, size in self.sizes)

    def count(self) -> int:
        return self.noted + self.set.changes.count()

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Listed]:
        found: list[Listed] = self._noted(part)
        left = part.stop - part.start - len(found)
        if left > 0:
            start = max(0, part.start - self.noted)
            changes = self.set.changes.order_by("pk")[start : start + left]
            found += [("updated", each.record_type, each.record_id, each) for each in changes]
        return found

    def _noted(self, part: slice) -> list[Listed]:
        found: list[Listed] = []
        before = 0
        for pk, size in self.sizes:
            start, stop = max(part.start - before, 0), min(part.stop - before, size)
            if start < stop:
                portion = self.portions.get(pk=pk)
                found += [
                    (portion.role, portion.record_type, each, None)
                    for each in portion.ids[start:stop]
                ]
            before += size
        return found


def _told(names: Names, role: str, kind: str, pk: UUID, change: Change | None) -> tuple[str, Told]:
    words = {
        "created": _("Created"),
        "deleted": _("Deleted"),
        "restored": _("Restored"),
        "updated": _("Changed"),
    }
    rows = names.rows(change) if change is not None else ()
    return words[role], names.told(kind, pk, rows=rows)
