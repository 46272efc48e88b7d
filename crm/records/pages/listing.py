"""One page of a list: which records, which filters are on, and the addresses that change them."""

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access import can
from core.actors import Actor
from core.records.conditions.fields import FilterField, asking
from core.records.counting import Count
from core.records.ordering import keys_of
from core.records.paging import ListPage, Position
from core.records.reading import Reader
from core.records.registry import Prepare, RecordType, Text
from core.records.rows import Row, Shown, rows_of
from core.records.selecting import candidates_of
from core.ui import formats
from crm.records.pages.actions import ListActions
from crm.records.pages.chips import ChipGroup, Chips
from crm.records.pages.grouping import groupable
from crm.records.pages.heads import Heading, headings
from crm.records.pages.opened_from import said_of
from crm.records.pages.state import SIZES, ListState
from crm.records.pages.totals import Total, totals_of


class RecordList:
    """What a list page shows. The address alone decides it."""

    def __init__(self, record_type: RecordType, params: QueryDict, actor: Actor) -> None:
        self.record_type = record_type
        self.listing, self.menu = record_type.listing, record_type.menu
        self.actor = actor
        self.state = ListState(record_type, params, actor)
        self.params = self.state.params
        self.order, self.size = self.state.order, self.state.size
        self.search = self.state.search

    @cached_property
    def _all(self) -> Any:
        return self.record_type.model._default_manager.visible_to(self.actor)  # type: ignore[attr-defined]

    @cached_property
    def _asked(self) -> tuple[Any, str]:
        """The rows the filters leave, or none and why they cannot be asked: better none than wrong ones."""
        if self.state.tree is None or self.state.problem:
            return self._all.none(), self.state.problem
        try:
            return candidates_of(self.record_type, self.params, asking(self.actor)), ""
        except ValidationError as refusal:
            return self._all.none(), refusal.messages[0]

    @property
    def candidates(self) -> Any:
        return self._asked[0]

    @property
    def problem(self) -> str:
        return self._asked[1]

    @cached_property
    def page(self) -> ListPage:
        """The page of the filtered rows; a page after the last is the first."""
        position = Position.of(self.params)
        page = self.page_at(position)
        is_beyond = position.number > 1 and not page.ids
        return self.page_at(Position()) if is_beyond else page

    def page_at(self, position: Position) -> ListPage:
        return ListPage(
            self.candidates,
            self.listing,
            self.order,
            size=self.size,
            position=position,
            counts_along=bool(self.search and not self.state.tree),
        )

    @cached_property
    def records(self) -> list[Any]:
        """The records of the page, in order; those an index answered by chance are left out."""
        return self.confirmed(self.page.records(self.reader))

    def confirmed(self, found: list[Any]) -> list[Any]:
        """Return the records without those a search has by chance."""
        if not self.search:
            return found
        return self.record_type.search.confirm(found, self.search)

    @property
    def reader(self) -> Reader:
        """What reads records with all that the chosen columns show."""
        reads = {name for each in self.state.columns for name in each.column.reads}
        return _reader(self.record_type.model, self.listing.prepare, tuple(sorted(reads)))

    @cached_property
    def columns(self) -> list[Shown]:
        """The columns as the table shows them."""
        may_edit = can(self.actor, self.record_type.permission("change"))
        return [
            Shown(each.column, bool(each.width), may_edit and bool(each.column.edits))
            for each in self.state.columns
        ]

    @cached_property
    def rows(self) -> list[Row]:
        said = said_of(self.params)
        return rows_of(self.records, self.record_type, self.columns, said=said)

    @property
    def counted(self) -> str:
        """The number of rows in words: 1,284 contacts."""
        return self._in_words(self.page.count)

    def _in_words(self, count: Count) -> str:
        words = self.menu.counted(count.number)
        return words if count.is_exact else _("More than %(things)s") % {"things": words}

    @property
    def number(self) -> str:
        """The number of rows in figures; a plus where there are more."""
        count = self.page.count
        return f"{formats.number(count.number)}{'' if count.is_exact else '+'}"

    @property
    def total_counted(self) -> str:
        """How many there are without any filter, in words."""
        page = ListPage(self._all, self.listing, self.order, size=1, position=Position())
        return self._in_words(page.count)

    @property
    def is_filtered(self) -> bool:
        return bool(self.search or self.state.tree or self.state.filter_names or self.problem)

    @property
    def is_changed(self) -> bool:
        """Whether the list is not simply all there is, as it comes."""
        return bool(self.params.keys() - {"page", "at", "before", "view", "size"})

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all yet, whatever the filters."""
        return not self.is_filtered and not self.page.ids

    @cached_property
    def quick(self) -> list[tuple[Text, str]]:
        """The quick filters that are not on, with the addresses of what they offer."""
        return [
            (each.label, self.actions.quick_url(each))
            for each in self.listing.quick
            if each.name in self.listing.choices and not self.params.get(each.name)
        ]

    @cached_property
    def chips(self) -> list[Any]:
        return list(self._chips.of_quick())

    @cached_property
    def conditions(self) -> ChipGroup:
        return self._chips.of_tree()

    @cached_property
    def _chips(self) -> Chips:
        editor = reverse(self.record_type.url_name("filter"))
        return Chips(self.state, editor)

    def labels(self, field: FilterField) -> Mapping[str, Text]:
        """Return the choices of a field by their values, without "me"."""
        labels = self._chips.labels(field)
        labels.pop("me", None)
        return labels

    @property
    def headings(self) -> list[Heading]:
        return headings(self.state)

    @property
    def widths(self) -> list[int]:
        return [each.width for each in self.state.columns]

    @cached_property
    def totals(self) -> list[Total]:
        """The numbers below the table; none where not even the rows are counted."""
        is_small = self.page.count.is_exact and not self.problem
        return totals_of(self.state, self.candidates) if is_small and self.page.ids else []

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self.state.url(size=size), size == self.size) for size in SIZES]

    @property
    def previous_url(self) -> str:
        page = self.page
        return self.state.url(**page.previous.params()) if page.has_previous else ""

    @property
    def next_url(self) -> str:
        page = self.page
        return self.state.url(**page.next.params()) if page.has_next else ""

    @property
    def clear_url(self) -> str:
        return self.state.clear_url

    @property
    def address(self) -> str:
        return self.state.address

    @property
    def sort_words(self) -> str:
        """What the list is sorted by, for the button that changes it."""
        return _(", ").join(str(key.column.label) for key in keys_of(self.listing, self.order))

    @cached_property
    def actions(self) -> ListActions:
        return ListActions(self.state, self.actor)

    @property
    def group_links(self) -> list[tuple[FilterField, str, bool]]:
        return self.actions.group_links(self.group_fields)

    @cached_property
    def group_fields(self) -> list[FilterField]:
        return groupable(self.listing)


# As many as there are sets of the few columns that read more than the others.
@cache
def _reader(model: Any, prepare: Prepare, reads: tuple[str, ...]) -> Reader:
    return Reader(model, lambda rows: prepare(rows, *reads))
