"""What the address of a list says, in one spelling: search, filters, order, columns, layout."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse

from core.actors import Actor
from core.records.conditions.tree import NOTHING, PARAMETER, Group, write
from core.records.filtering import language_of, tree_in
from core.records.ordering import chosen_order
from core.records.registry import Column, RecordType
from crm.records.pages.composing import composed

SIZES = (20, 50, 100)
LAYOUTS = ("table", "board")
NARROWEST, WIDEST = 60, 800
# What moves within a list without changing which list it is.
POSITION = ("page", "at", "before")
# What forms send beside the list's own parameters.
SENT_BY_FORMS = ("show", "known", "width")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A column that is shown, and how wide; 0 leaves the width to the content."""

    column: Column
    width: int = 0

    @property
    def word(self) -> str:
        return f"{self.column.name}:{self.width}" if self.width else self.column.name


class ListState:
    """One list, as its address says it."""

    def __init__(self, record_type: RecordType, params: QueryDict, actor: Actor) -> None:
        self.record_type, self.listing = record_type, record_type.listing
        self.problem = ""
        self.params = self._understood(params, actor)
        said = self.params
        self.search = said.get("search", "").strip()
        self.order = chosen_order(self.listing, said.get("sort", ""))
        self.size = next((size for size in SIZES if said.get("size") == str(size)), SIZES[1])
        self.layout = said["layout"] if said.get("layout") in LAYOUTS else LAYOUTS[0]
        self.view = said.get("view", "")

    def _understood(self, params: QueryDict, actor: Actor) -> dict[str, str]:
        """Return the parameters that say something, with what forms sent put into them."""
        said = {name: str(params[name]).strip() for name in params}
        if "show" in params:
            said["columns"] = _columns_sent(params)
        try:
            filter_text = composed(self.record_type, params, actor)
        except ValidationError as refusal:
            self.problem = refusal.messages[0]
        else:
            if filter_text is not None:
                said[PARAMETER] = filter_text
        return {
            name: value
            for name, value in said.items()
            if value and name not in SENT_BY_FORMS and not name.startswith("f_")
        }

    @cached_property
    def tree(self) -> Group:
        """The filter; none when it cannot be read, which `problem` then says."""
        try:
            tree = tree_in(self.params)
            language_of(self.record_type).check(tree)
        except ValidationError as refusal:
            self.problem = self.problem or refusal.messages[0]
            return NOTHING
        return tree

    @cached_property
    def columns(self) -> list[Chosen]:
        """The columns in their order; the first is always the record's name."""
        known = {column.name: column for column in self.listing.columns}
        first = self.listing.columns[0]
        if "columns" not in self.params:
            return [Chosen(column) for column in self.listing.columns if column.is_shown]
        wanted = [word.partition(":") for word in self.params["columns"].split(",")]
        chosen = {name: _width(width) for name, _sep, width in wanted if name in known}
        width = chosen.pop(first.name, 0)
        return [Chosen(first, width), *(Chosen(known[name], chosen[name]) for name in chosen)]

    @cached_property
    def home(self) -> str:
        return reverse(self.record_type.url_name("list"))

    def url(self, **changes: object) -> str:
        """Return the list's address with these parameters changed; from its first page on."""
        return self.address_at(self.home, **changes)

    def address_at(self, place: str, **changes: object) -> str:
        """Return another address of this list, in the same state."""
        said = {name: value for name, value in self.params.items() if name not in POSITION}
        for name, value in changes.items():
            said.pop(name, None)
            if value:
                said[name] = str(value)
        return f"{place}?{urlencode(said)}" if said else place

    def filter_url(self, tree: Group) -> str:
        return self.url(**{PARAMETER: write(tree)})

    @property
    def address(self) -> str:
        """The address of this very page, without parameters that say nothing."""
        return f"{self.home}?{urlencode(self.params)}" if self.params else self.home

    @property
    def clear_url(self) -> str:
        """The list without search and filters, looking as before."""
        return self.url(**dict.fromkeys(["search", PARAMETER, *self.filter_names], ""))

    @property
    def filter_names(self) -> list[str]:
        """The older, simple filters the address uses."""
        return [name for name in self.params if name in self.listing.filters.base_filters]

    def hidden(self, *names: str) -> list[tuple[str, str]]:
        """Return what a form has to send along to stay in this list, without these names."""
        left = {*names, *POSITION}
        return [(name, value) for name, value in self.params.items() if name not in left]


def _width(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        return 0
    return max(NARROWEST, min(int(text), WIDEST))


def _columns_sent(params: QueryDict) -> str:
    """Return the columns a form has ticked, in its order, with the widths it sent."""
    widths = dict(zip(params.getlist("known"), params.getlist("width"), strict=False))
    named: Mapping[str, Any] = {name: widths.get(name, "") for name in params.getlist("show")}
    return ",".join(f"{name}:{width}" if width else name for name, width in named.items())
