"""One page of a list: which records, which filters are on, and the addresses that change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from core.actors import Actor
from core.records.cells import Row, row_of
from core.records.ordering import chosen_order
from core.records.paging import Selection
from core.records.reading import reader_of
from core.records.registry import Column, Kind, QuickFilter, RecordType, Text
from core.ui.tables import sort_head

SIZES = (20, 50, 100)
# How the heads of some kinds of column differ from the others'.
HEADS: dict[Kind, dict[str, str]] = {
    "name": {"classes": "w-auto! pe-3!"},
    "sealed": {"icon": "lock"},
    "number": {"align": "num"},
    "money": {"align": "num"},
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, in words, with the address of the list without it."""

    label: Text
    value: Text
    url: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: where a click leads, and how the list is sorted by it now."""

    column: Column
    url: str
    sorted: str

    @property
    def html(self) -> SafeString:
        look = HEADS.get(self.column.kind, {})
        label = self.column.label
        return sort_head(label, url=self.url, sorted=self.sorted, target="records", **look)


@dataclass(frozen=True, slots=True)
class Choice:
    """A quick filter as a field: its choices and the chosen one."""

    filter: QuickFilter
    choices: Sequence[tuple[str, Text]]
    chosen: str


class RecordList:
    """What a list page shows. The address alone decides it."""

    def __init__(self, record_type: RecordType, params: QueryDict, actor: Actor) -> None:
        self.record_type = record_type
        self.listing = record_type.listing
        self.menu = record_type.menu
        self.params = params
        self.actor = actor
        self.order = chosen_order(self.listing, params.get("sort", ""))
        self.size = next((size for size in SIZES if params.get("size") == str(size)), SIZES[1])
        self.search = params.get("search", "").strip()

    @cached_property
    def _all(self) -> Any:
        return self.record_type.model._default_manager.visible_to(self.actor)  # type: ignore[attr-defined]

    @cached_property
    def page(self) -> Page:
        """The page of the filtered rows."""
        rows = self.listing.filters(self.params, queryset=self._all).qs
        number = self.params.get("page")
        selection = Selection(rows, self.listing, self.order, size=self.size, page=number)
        selection.read_with(reader_of(self.record_type.model, self.listing.prepare))
        return Paginator(cast("QuerySet[Any]", selection), self.size).get_page(number)

    @cached_property
    def records(self) -> list[Any]:
        """The records of the page, in order; those an index answered by chance are left out."""
        found = list(self.page.object_list)
        if not self.search:
            return found
        confirm = self.record_type.search.confirm
        return [record for record in found if confirm(record, self.search)]

    @cached_property
    def rows(self) -> list[Row]:
        return [row_of(record, self.record_type) for record in self.records]

    @property
    def counted(self) -> str:
        """The number of rows in words: 1,284 contacts."""
        return self.menu.counted(self.page.paginator.count)

    @cached_property
    def total(self) -> int:
        """How many there are without any filter."""
        return self._all.count() if self.is_filtered else self.page.paginator.count

    @property
    def total_counted(self) -> str:
        return self.menu.counted(self.total)

    @property
    def is_filtered(self) -> bool:
        return bool(self.search or self.chips)

    @cached_property
    def choices(self) -> list[Choice]:
        known = self.listing.choices()
        return [
            Choice(quick, known.get(quick.name, ()), self.params.get(quick.name, ""))
            for quick in self.listing.quick
        ]

    @cached_property
    def chips(self) -> list[Chip]:
        return [
            Chip(choice.filter.label, _words(choice), self.url(**{choice.filter.name: ""}))
            for choice in self.choices
            if choice.chosen
        ]

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.listing.columns]

    def _heading(self, column: Column) -> Heading:
        """A click goes from ascending to descending to the list's own order."""
        if not column.sort:
            return Heading(column, "", "")
        following = {column.name: f"-{column.name}", f"-{column.name}": ""}
        now = {column.name: "ascending", f"-{column.name}": "descending"}.get(self.order, "")
        return Heading(column, self.url(sort=following.get(self.order, column.name)), now)

    @property
    def sizes(self) -> tuple[int, ...]:
        return SIZES

    @property
    def previous_url(self) -> str:
        page = self.page
        return self.url(page=page.previous_page_number()) if page.has_previous() else ""

    @property
    def next_url(self) -> str:
        page = self.page
        return self.url(page=page.next_page_number()) if page.has_next() else ""

    @property
    def clear_url(self) -> str:
        """The list without search and filters, sorted as before."""
        kept = QueryDict(mutable=True)
        kept.update(
            {name: str(self.params[name]) for name in ("sort", "size") if name in self.params}
        )
        return self._address(kept)

    @property
    def address(self) -> str:
        """The address of this very page, without parameters that say nothing."""
        said = QueryDict(mutable=True)
        said.update({name: str(self.params[name]) for name in self.params if self.params[name]})
        return self._address(said)

    def url(self, **changes: object) -> str:
        """Return the list's address with these parameters changed; from its first page on."""
        params = self.params.copy()
        params.pop("page", None)
        for name, value in changes.items():
            params.pop(name, None)
            if value:
                params[name] = str(value)
        return self._address(params)

    @cached_property
    def _home(self) -> str:
        return reverse(self.record_type.url_name("list"))

    def _address(self, params: QueryDict) -> str:
        home = self._home
        return f"{home}?{params.urlencode()}" if params else home


def _words(choice: Choice) -> Text:
    known = dict(choice.choices)
    if choice.chosen in known:
        return known[choice.chosen]
    return choice.filter.describe(choice.chosen)
