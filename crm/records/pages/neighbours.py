"""The records before and after one in the list it was opened from, in that list's own order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from core.actors import Actor
from core.records.addresses import address_of
from core.records.paging import ListPage, Position
from core.records.registry import RecordType
from crm.records.pages.listing import RecordList
from crm.records.pages.opened_from import said_of
from crm.records.pages.record import TABS


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The way back to the list, the ways to the records beside this one, and its number of how many."""

    list_url: str
    previous_url: str = ""
    next_url: str = ""
    number: int = 0
    count: str = ""


def neighbours_of(
    pk: UUID, record_type: RecordType, said: str, *, actor: Actor, tab: str = ""
) -> Neighbours:
    """Return what lies beside the record; it is looked for on the page of the list it was opened from.

    Its neighbours open at the same tab.
    """
    shown = RecordList(record_type, QueryDict(said), actor)
    page, address = shown.page, shown.state.address
    if pk not in page.ids:
        return Neighbours(address)
    at = page.ids.index(pk)
    ways = _Ways(shown, record_type, {"tab": tab} if tab in TABS else {})
    return Neighbours(
        list_url=address,
        previous_url=ways.before(page, at),
        next_url=ways.after(page, at),
        number=page.first + at,
        count=shown.number,
    )


class _Ways:
    """Addresses of records, each saying on which page of the list it stands, and which tab is open."""

    def __init__(self, shown: RecordList, record_type: RecordType, tab: Mapping[str, str]) -> None:
        self.shown, self.record_type, self.tab = shown, record_type, tab

    def before(self, page: ListPage, at: int) -> str:
        if at:
            return self._url(page.ids[at - 1], page.position)
        if not page.has_previous:
            return ""
        earlier = self.shown.page_at(page.previous)
        return self._url(earlier.ids[-1], earlier.position) if earlier.ids else ""

    def after(self, page: ListPage, at: int) -> str:
        if at + 1 < len(page.ids):
            return self._url(page.ids[at + 1], page.position)
        if not page.has_next:
            return ""
        later = self.shown.page_at(page.next)
        return self._url(later.ids[0], later.position) if later.ids else ""

    def _url(self, pk: UUID, position: Position) -> str:
        kept: dict[str, Any] = {
            name: value
            for name, value in self.shown.params.items()
            if name not in ("page", "at", "before")
        }
        address = address_of(self.record_type.url_name(), pk)
        return f"{address}?{said_of({**kept, **position.params()}, **self.tab)}"
