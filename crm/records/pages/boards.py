"""A list as a board: a column for each choice of one field, a card for each record."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from core.access import can
from core.records.cells import DOTS
from core.records.conditions.fields import FilterField
from core.records.registry import Column
from core.records.rows import card_of
from crm.records.pages.grouping import NONE, Shelf, Shelves
from crm.records.pages.groups import only_url
from crm.records.pages.listing import RecordList

CARDS = 20
MOST_CARDS = 200


class Board:
    """What a board shows: the columns of one field, each with its first cards."""

    def __init__(self, shown: RecordList) -> None:
        self.shown = shown
        wanted = shown.params.get("by", "")
        fields = shown.group_fields
        # Stages before all else: that is what boards are for.
        usual = next((each for each in fields if each.kind == "reference"), fields[0])
        self.by: FilterField = next((each for each in fields if each.name == wanted), usual)

    @property
    def may_move(self) -> bool:
        record_type = self.shown.record_type
        is_allowed = can(self.shown.actor, record_type.permission("change"))
        return is_allowed and record_type.writes(self.by.name)

    @property
    def fields(self) -> list[tuple[FilterField, str, bool]]:
        """The fields a board can be of, each with its address."""
        url = self.shown.state.url
        return [(each, url(by=each.name), each is self.by) for each in self.shown.group_fields]

    @cached_property
    def shelves(self) -> Sequence[Shelf]:
        shown = self.shown
        # Amounts first: they are what a column of a board is judged by.
        sums = sorted((c for c in self._columns if c.sums), key=lambda c: c.kind != "money")
        kept = Shelves(shown.candidates, shown.listing, shown.order, self.by, size=CARDS, sums=sums)
        labels = shown.labels(self.by)
        shelves = kept.shelves(labels, has_all=self._has_few(labels), sizes=self._sizes)
        records = shown.reader([pk for shelf in shelves for pk in shelf.ids])
        found = {str(record.pk): record for record in shown.confirmed(records)}
        for shelf in shelves:
            self._finish(shelf, [found[str(pk)] for pk in shelf.ids if str(pk) in found])
        return shelves

    @staticmethod
    def _has_few(labels: Mapping[str, Any]) -> bool:
        """Whether even empty columns have room: a column for every country has not."""
        return len(labels) <= 12

    @property
    def _sizes(self) -> Mapping[str, int]:
        """How many cards columns show that were asked for more: more=value:40."""
        value, _sep, text = self.shown.params.get("more", "").rpartition(":")
        is_number = text.isascii() and text.isdigit() and len(text) < 5
        return {value: min(int(text), MOST_CARDS)} if is_number else {}

    def _finish(self, shelf: Shelf, records: Sequence[Any]) -> None:
        shown = self.shown
        shelf.rows = [card_of(each, shown.record_type, self._columns) for each in records]
        shelf.tone = self._tone(shelf.value, records)
        shelf.url = only_url(shown, self.by, shelf.value)
        if shelf.left:
            more = min(len(shelf.ids) + CARDS, MOST_CARDS)
            is_full = len(shelf.ids) >= MOST_CARDS
            shelf.more_url = shelf.url if is_full else shown.state.url(more=f"{shelf.value}:{more}")
        if can(shown.actor, shown.record_type.permission("add")):
            said = {} if shelf.value == NONE else {self.by.name: shelf.value}
            home = reverse(shown.record_type.url_name("new"))
            shelf.new_url = f"{home}?{urlencode(said)}" if said else home

    def _tone(self, value: str, records: Sequence[Any]) -> str:
        """Return the colour of a column whose choice has one, as its own records know it."""
        name = self.by.column.removesuffix("_id")
        choice = (
            getattr(records[0], name, None) if records and self.by.kind == "reference" else None
        )
        tone = str(getattr(choice, "tone", ""))
        return DOTS.get(tone, tone)

    @cached_property
    def _columns(self) -> list[Column]:
        return [each.column for each in self.shown.state.columns]
