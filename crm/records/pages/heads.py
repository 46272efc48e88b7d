"""The heads of a list's columns, and the panels that sort and choose them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from core.records.ordering import MOST_KEYS, Key, keys_of
from core.records.registry import Column, Kind, Text
from core.ui.tables import sort_head
from crm.records.pages.state import Chosen, ListState

# How the heads of some kinds of column differ from the others'.
HEADS: dict[Kind, dict[str, str]] = {
    "name": {"classes": "w-auto! pe-3!"},
    "sealed": {"icon": "lock"},
    "number": {"align": "num"},
    "money": {"align": "num"},
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's head: where a click leads, and how the list is sorted by it now."""

    column: Column
    url: str
    sorted: str

    @property
    def html(self) -> SafeString:
        look = HEADS.get(self.column.kind, {})
        column = self.column
        return sort_head(
            column.label,
            url=self.url,
            sorted=self.sorted,
            target="records",
            name=column.name,
            **look,
        )


def headings(state: ListState) -> list[Heading]:
    """Return the heads of the columns shown."""
    return [_heading(state, chosen.column) for chosen in state.columns]


def _heading(state: ListState, column: Column) -> Heading:
    """A click goes from ascending to descending to the list's own order."""
    if not column.sort:
        return Heading(column, "", "")
    following = {column.name: f"-{column.name}", f"-{column.name}": ""}
    now = {column.name: "ascending", f"-{column.name}": "descending"}
    first = state.order.partition(",")[0]
    return Heading(column, state.url(sort=following.get(first, column.name)), now.get(first, ""))


@dataclass(frozen=True, slots=True)
class SortLine:
    """One column the list is sorted by: the addresses that turn it round and leave it out."""

    label: Text
    is_descending: bool
    turn_url: str
    remove_url: str


class SortPanel:
    """What the list is sorted by, and what else it could be."""

    def __init__(self, state: ListState) -> None:
        self.state = state
        self.keys = keys_of(state.listing, state.order)

    @property
    def lines(self) -> list[SortLine]:
        return [self._line(number, key) for number, key in enumerate(self.keys)]

    def _line(self, number: int, key: Key) -> SortLine:
        turned = Key(key.column, not key.is_descending)
        others = [*self.keys[:number], *self.keys[number + 1 :]]
        turned_keys = [*self.keys[:number], turned, *self.keys[number + 1 :]]
        return SortLine(
            key.column.label, key.is_descending, self._url(turned_keys), self._url(others)
        )

    @property
    def others(self) -> list[tuple[Text, str]]:
        """The columns that can be added; none once there are enough."""
        if len(self.keys) >= MOST_KEYS:
            return []
        used = {key.column.name for key in self.keys}
        free = [each for each in self.state.listing.columns if each.sort and each.name not in used]
        return [(each.label, self._url([*self.keys, Key(each, False)])) for each in free]  # noqa: FBT003

    def _url(self, keys: Sequence[Key]) -> str:
        return self.state.url(sort=",".join(key.word for key in keys))


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column that can be shown: whether it is, how wide, and where it moves."""

    column: Column
    is_shown: bool
    is_fixed: bool
    width: int
    up_url: str = ""
    down_url: str = ""


class ColumnsPanel:
    """Which columns are shown, in which order, how wide."""

    def __init__(self, state: ListState) -> None:
        self.state = state

    @property
    def lines(self) -> list[ColumnLine]:
        """The columns shown, in their order, then the others."""
        chosen = self.state.columns
        shown = {each.column.name for each in chosen}
        others = [each for each in self.state.listing.columns if each.name not in shown]
        return [
            *(self._line(number, each) for number, each in enumerate(chosen)),
            *(ColumnLine(each, is_shown=False, is_fixed=False, width=0) for each in others),
        ]

    def _line(self, number: int, each: Chosen) -> ColumnLine:
        last = len(self.state.columns) - 1
        up = self._moved(number, number - 1) if number > 1 else ""
        down = self._moved(number, number + 1) if 0 < number < last else ""
        return ColumnLine(
            each.column,
            is_shown=True,
            is_fixed=number == 0,
            width=each.width,
            up_url=up,
            down_url=down,
        )

    def _moved(self, number: int, to: int) -> str:
        columns = list(self.state.columns)
        columns.insert(to, columns.pop(number))
        return self.state.url(columns=",".join(each.word for each in columns))

    @property
    def reset_url(self) -> str:
        return self.state.url(columns="") if "columns" in self.state.params else ""
