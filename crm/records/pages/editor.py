"""The form of one condition: which field, what is asked of it, and the values."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access import can
from core.actors import Actor
from core.records.conditions import dates
from core.records.conditions.applying import Known
from core.records.conditions.editing import part_at, place_of
from core.records.conditions.fields import FilterField
from core.records.conditions.operators import ME, Operator, operators_of
from core.records.conditions.tree import Condition
from core.records.filtering import language_of
from core.records.narrowing import seen_type_of
from core.records.registry import RecordType, Text
from crm.records.pages.composing import FIELD, OPERATOR, PLACE
from crm.records.pages.state import ListState


@dataclass(frozen=True, slots=True)
class Pick:
    """A field that can be chosen, with the address of its form."""

    label: Text
    url: str


class ConditionEditor:
    """What the form of a condition shows. `f_at` says where the condition goes in the filter."""

    def __init__(self, state: ListState, params: Mapping[str, Any], actor: Actor) -> None:
        self.state, self.actor = state, actor
        self.record_type = state.record_type
        self.place = params.get(PLACE, "")
        # None until a field is chosen; the template asks for the rest only then.
        self.known: Any = self._known(params.get(FIELD, ""), params.get(OPERATOR, ""))
        self.home = reverse(self.record_type.url_name("filter"))

    def _known(self, name: str, operator: str) -> Known | None:
        """Return the field that was chosen with what is asked of it, if it is one."""
        language = language_of(self.record_type)
        before = self._before
        if before is not None and before.field == name and not operator:
            operator = before.operator
        field_kind = language.field_kind(name)
        if field_kind is None:
            return None
        wanted = operator if operator in operators_of(field_kind) else ""
        first = next(iter(operators_of(field_kind)))
        try:
            return language.known(Condition(name, wanted or first))
        except ValidationError:
            return None

    @property
    def _before(self) -> Condition | None:
        """The condition that is being changed, if it is not a new one."""
        place, is_new = place_of(self.place)
        part = None if is_new else part_at(self.state.tree, place)
        return part if isinstance(part, Condition) else None

    @property
    def is_change(self) -> bool:
        return self._before is not None

    @property
    def groups(self) -> Iterator[tuple[Text, list[Pick]]]:
        """The fields to choose from: the record's own, then those of related records."""
        filterable = self.record_type.listing.filterable
        yield self.record_type.menu.label, self._picks(filterable.fields, "")
        for relation in filterable.relations:
            related = seen_type_of(relation.model, self.actor)
            if can(self.actor, related.permission("view")):
                fields = related.listing.filterable.fields
                yield relation.label, self._picks(fields, f"{relation.name}.")

    def _picks(self, fields: Sequence[FilterField], prefix: str) -> list[Pick]:
        return [Pick(field.label, self._url(f"{prefix}{field.name}")) for field in fields]

    def _url(self, name: str) -> str:
        said = {PLACE: self.place or "+", FIELD: name}
        return self.state.address_at(self.home, **said)

    @property
    def back_url(self) -> str:
        return self.state.address_at(self.home, **{PLACE: self.place or "+"})

    @property
    def field(self) -> FilterField:
        found: FilterField = self.known.field
        return found

    @property
    def field_name(self) -> str:
        prefix = f"{self.known.relation.name}." if self.known.relation else ""
        return f"{prefix}{self.field.name}"

    @property
    def title(self) -> Text:
        relation = self.known.relation if self.known else None
        return f"{relation.label} · {self.field.label}" if relation else self.field.label

    @property
    def operator(self) -> Operator:
        found: Operator = self.known.operator
        return found

    @property
    def operators(self) -> Sequence[Operator]:
        return list(operators_of(self.field.kind).values())

    @property
    def values(self) -> list[str]:
        """The values the condition has now, or room for those it needs."""
        before = self._before
        is_same = before is not None and before.field == self.field_name
        values = list(before.values) if before is not None and is_same else []
        wanted = 2 if self.operator.takes in ("two", "two days") else 1
        return [*values, "", ""][:wanted]

    @property
    def chosen(self) -> set[str]:
        before = self._before
        return set(before.values) if before is not None else set()

    @property
    def control(self) -> str:
        """Which control asks for the values: choices, period, or a field of this type."""
        takes = self.operator.takes
        if takes == "many":
            return "choices" if self.field.options else "pick"
        return CONTROLS.get(takes) or ("number" if self.field.kind == "number" else "text")

    @property
    def options(self) -> list[tuple[str, Text]]:
        own = [(ME, _("Me"))] if self.field.kind == "member" else []
        return [*own, *(self.field.options() if self.field.options else ())]

    @property
    def periods(self) -> list[tuple[str, Text]]:
        return list(dates.PERIOD_NAMES.items())

    @property
    def pick_url(self) -> str:
        return reverse(self.field.pick) if self.field.pick else ""

    @property
    def pick_value(self) -> str:
        """What a chosen record is called, for the field that names one."""
        value = next(iter(self.chosen), "")
        return str(self.field.describe(value)) if value and self.field.describe else value

    @property
    def or_url(self) -> str:
        """Where a second condition is put beside the one being changed: either of the two."""
        if not self.is_change:
            return ""
        return self.state.address_at(self.home, **{PLACE: f"{self.place}.+"})

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return [*self.state.hidden(), (PLACE, self.place or "+"), (FIELD, self.field_name)]


CONTROLS = {
    "nothing": "nothing",
    "period": "period",
    "day": "day",
    "two days": "day",
    "days": "days",
    "two": "number",
}


def editor_of(record_type: RecordType, params: Any, actor: Actor) -> ConditionEditor:
    """Return the form for what these parameters ask."""
    kept = params.copy()
    for name in (FIELD, OPERATOR):
        kept.pop(name, None)
    return ConditionEditor(ListState(record_type, kept, actor), params, actor)
