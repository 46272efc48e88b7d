"""The filters that are on, in words, with the addresses that change them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.records.conditions import dates
from core.records.conditions.editing import NEW, joined_by, without
from core.records.conditions.fields import FilterField
from core.records.conditions.operators import ME, Operator
from core.records.conditions.tree import Condition, Group, Part
from core.records.filtering import language_of
from core.records.registry import Choices, Text
from core.ui import formats
from crm.records.pages.state import ListState

SHOWN_VALUES = 2


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter in words; `url` is the list without it, `edit_url` where it is changed."""

    label: Text
    operator: Text
    value: Text
    url: str
    edit_url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ChipGroup:
    """Filters that stand together, with the word between them and the addresses that change it."""

    joint: str
    joint_label: str
    joint_url: str
    parts: "Sequence[Chip | ChipGroup]" = field(default_factory=list)
    add_url: str = ""
    url: str = ""
    is_group: bool = True


class Chips:
    """The chips of one list."""

    def __init__(self, state: ListState, editor: str) -> None:
        self.state, self.editor = state, editor
        self.language = language_of(state.record_type)
        self._known: dict[str, Choices] = {}

    def of_tree(self) -> ChipGroup:
        """Return the chips of the filter's conditions."""
        return self._group(self.state.tree, self.state.tree, ())

    def of_quick(self) -> Iterator[Chip]:
        """Yield a chip for each of the simple filters that are on."""
        for quick in self.state.listing.quick:
            value = self.state.params.get(quick.name, "")
            if value:
                words = dict(self._offered(quick.name) or ()).get(value) or quick.describe(value)
                yield Chip(quick.label, _("is"), words, self.state.url(**{quick.name: ""}))

    def _group(self, tree: Group, group: Group, place: tuple[int, ...]) -> ChipGroup:
        other = "or" if group.joint == "and" else "and"
        return ChipGroup(
            joint=group.joint,
            joint_label=_("and") if group.joint == "and" else _("or"),
            joint_url=self.state.filter_url(joined_by(tree, place, other)),  # type: ignore[arg-type]
            parts=[
                self._part(tree, part, (*place, number)) for number, part in enumerate(group.parts)
            ],
            add_url=self._edit_url((*place, NEW)),
            url=self.state.filter_url(without(tree, place)) if place else "",
        )

    def _part(self, tree: Group, part: Part, place: tuple[int, ...]) -> "Chip | ChipGroup":
        if isinstance(part, Group):
            return self._group(tree, part, place)
        known = self.language.known(part)
        label = known.field.label
        if known.relation is not None:
            label = f"{known.relation.label} · {label}"
        words = self.words(known.field, known.operator, part)
        return Chip(
            label=label,
            operator=known.operator.label,
            value=_shortened(words),
            url=self.state.filter_url(without(tree, place)),
            edit_url=self._edit_url(place, part),
            title=", ".join(words),
        )

    def _edit_url(self, place: Sequence[object], part: Condition | None = None) -> str:
        said: dict[str, str] = {"f_at": ".".join(map(str, place))}
        if part is not None:
            said["f_field"] = part.field
        return self.state.address_at(self.editor, **said)

    def words(self, field: FilterField, operator: Operator, condition: Condition) -> list[str]:
        """Return the condition's values as people say them."""
        if operator.takes in SPOKEN:
            return [SPOKEN[operator.takes](value) for value in condition.values]
        known = self.labels(field)
        return [self._word(field, known, value) for value in condition.values]

    def labels(self, field: FilterField) -> dict[str, Text]:
        """Return the labels of a field's choices; those of quick filters were read already."""
        choices: Any = self._offered(field.quick)
        if choices is None:
            choices = field.options() if field.options else ()
        labels = {str(value): label for value, label in choices}
        return {ME: _("Me"), **labels} if field.kind == "member" else labels

    def _offered(self, quick: str) -> Choices | None:
        """Return what a quick filter offers, asked once."""
        offered = self.state.listing.choices.get(quick)
        if offered is not None and quick not in self._known:
            self._known[quick] = offered()
        return self._known.get(quick)

    def _word(self, field: FilterField, known: Mapping[str, Text], value: str) -> str:
        if value in known:
            return str(known[value])
        return str(field.describe(value)) if field.describe else value


def _shortened(words: Sequence[str]) -> str:
    shown = _(", ").join(words[:SHOWN_VALUES])
    more = len(words) - SHOWN_VALUES
    return f"{shown} +{more}" if more > 0 else shown


def _day(value: str) -> str:
    if value in dates.DAY_NAMES:
        return str(dates.DAY_NAMES[value])
    try:
        return formats.day(date.fromisoformat(value))
    except ValueError:
        return value


def _days(value: str) -> str:
    try:
        count = dates.days_of(value)
    except ValidationError:
        return value
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": formats.number(count)}


def _period(value: str) -> str:
    return str(dates.PERIOD_NAMES.get(value, value))


SPOKEN = {"day": _day, "two days": _day, "days": _days, "period": _period}
