"""What can be asked of each kind of field, and the condition the database is given for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.records.conditions import dates
from core.records.conditions.fields import Asking, FieldKind, FilterField, Text

type Build = Callable[[FilterField, Sequence[str], Asking], Q]
type Takes = Literal["nothing", "one", "two", "many", "day", "two days", "days", "period"]

ME = "me"
NO_ROWS = Q(pk__in=[])
LARGEST_NUMBER = Decimal(10) ** 30
HOW_MANY: Mapping[Takes, tuple[int, int]] = {
    "nothing": (0, 0),
    "two": (2, 2),
    "two days": (2, 2),
    "many": (1, 200),
}


@dataclass(frozen=True, slots=True)
class Operator:
    """Something that can be asked, in words and as a condition."""

    name: str
    label: Text
    takes: Takes
    build: Build


def build(operator: Operator, field: FilterField, values: Sequence[str], asking: Asking) -> Q:
    """Return the condition; raise ValidationError when the values do not fit."""
    fewest, most = HOW_MANY.get(operator.takes, (1, 1))
    if not fewest <= len(values) <= most:
        raise ValidationError(
            _("“%(field)s” needs other values here."), params={"field": field.label}
        )
    if any("\0" in value for value in values):
        raise ValidationError(_("Null characters are not allowed."))
    return operator.build(field, values, asking)


def operators_of(kind: FieldKind) -> Mapping[str, Operator]:
    """Return what can be asked of fields of this kind, by name."""
    return OPERATORS[kind]


# ---------- Texts ----------
def _text(lookup: str, *, is_negated: bool = False) -> Build:
    def condition(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
        value = field.read(values[0]) if field.read else values[0]
        found = Q(**{f"{field.column}__{lookup}": value})
        return ~found if is_negated else found

    return condition


def _is_blank(field: FilterField) -> Q:
    return Q(**{field.column: ""}) | Q(**{f"{field.column}__isnull": True})


def _blank(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
    return _is_blank(field)


def _written(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
    return ~_is_blank(field)


# ---------- Numbers ----------
def number_of(text: str) -> Decimal:
    """Return the number written here."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) > LARGEST_NUMBER:
        raise ValidationError(_("“%(text)s” is not a number."), params={"text": text})
    return value


def _number(lookup: str) -> Build:
    def condition(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
        return Q(**{f"{field.column}__{lookup}": number_of(values[0])})

    return condition


def _between(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
    low, high = number_of(values[0]), number_of(values[1])
    return Q(**{f"{field.column}__gte": low, f"{field.column}__lte": high})


# ---------- Days and moments ----------
def _span(of: Callable[[Sequence[str], Asking], dates.Span]) -> Build:
    def condition(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
        try:
            begin, end = of(values, asking)
        except OverflowError:
            raise ValidationError(_("This date is too far away.")) from None
        is_moment = field.kind == "moment"
        bounds: dict[str, Any] = {"gte": begin, "lt": end}
        said = {name: day for name, day in bounds.items() if day is not None}
        if is_moment:
            said = {name: asking.begin(day) for name, day in said.items()}
        found = {f"{field.column}__{name}": value for name, value in said.items()}
        return Q(**found) if found else Q(**{f"{field.column}__isnull": False})

    return condition


def _on(values: Sequence[str], asking: Asking) -> dates.Span:
    day = dates.day_of(values[0], asking.today)
    return day, dates.after(day)


def _before(values: Sequence[str], asking: Asking) -> dates.Span:
    return None, dates.day_of(values[0], asking.today)


def _after(values: Sequence[str], asking: Asking) -> dates.Span:
    following = dates.after(dates.day_of(values[0], asking.today))
    # Nothing comes after the last day there is.
    return (following, None) if following else (date.max, date.max)


def _from_to(values: Sequence[str], asking: Asking) -> dates.Span:
    first, last = (dates.day_of(value, asking.today) for value in values)
    return first, dates.after(last)


def _last(values: Sequence[str], asking: Asking) -> dates.Span:
    return dates.last_days(dates.days_of(values[0]), asking.today)


def _next(values: Sequence[str], asking: Asking) -> dates.Span:
    return dates.next_days(dates.days_of(values[0]), asking.today)


def _within(values: Sequence[str], asking: Asking) -> dates.Span:
    return dates.period(values[0], asking.today)


# ---------- Choices, references, members, tags, sealed values ----------
def _any(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
    known = [value for value in (_value(field, text, asking) for text in values) if value]
    if not known:
        return NO_ROWS
    if field.matching:
        return field.matching(known, asking)
    return Q(**{f"{field.column}__in": known})


def _none(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
    return ~_any(field, values, asking)


def _all(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
    found = Q()
    for value in values:
        found &= _any(field, [value], asking)
    return found


def _value(field: FilterField, text: str, asking: Asking) -> Any:
    if field.kind == "member" and text == ME:
        return asking.actor.user_id
    if field.kind in ("reference", "member", "tags"):
        return _id(text)
    return field.read(text) if field.read else text


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ValidationError(_("“%(text)s” is not an id."), params={"text": text}) from None


def _missing(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
    return ~_present(field, values, asking)


def _present(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
    if field.filled:
        return field.filled()
    if field.kind == "choice":
        return ~_is_blank(field)
    return Q(**{f"{field.column}__isnull": False})


def _flag(wanted: str) -> Build:
    def condition(field: FilterField, values: Sequence[str], asking: Asking) -> Q:
        return Q(**{field.column: wanted == "yes"})

    return condition


def _by_name(*operators: Operator) -> Mapping[str, Operator]:
    return {operator.name: operator for operator in operators}


EMPTY = Operator("empty", _("is empty"), "nothing", _missing)
FILLED = Operator("filled", _("is not empty"), "nothing", _present)
ANY = Operator("any", _("is any of"), "many", _any)
NONE = Operator("none", _("is none of"), "many", _none)
DATES = _by_name(
    Operator("in", _("in"), "period", _span(_within)),
    Operator("last", _("in the last"), "days", _span(_last)),
    Operator("next", _("in the next"), "days", _span(_next)),
    Operator("is", _("on"), "day", _span(_on)),
    Operator("before", _("before"), "day", _span(_before)),
    Operator("after", _("after"), "day", _span(_after)),
    Operator("between", _("between"), "two days", _span(_from_to)),
    EMPTY,
    FILLED,
)
CHOICES = _by_name(ANY, NONE, EMPTY, FILLED)
OPERATORS: Mapping[FieldKind, Mapping[str, Operator]] = {
    "text": _by_name(
        Operator("contains", _("contains"), "one", _text("icontains")),
        Operator("lacks", _("does not contain"), "one", _text("icontains", is_negated=True)),
        Operator("is", _("is"), "one", _text("iexact")),
        Operator("starts", _("starts with"), "one", _text("istartswith")),
        Operator("empty", _("is empty"), "nothing", _blank),
        Operator("filled", _("is not empty"), "nothing", _written),
    ),
    "name": _by_name(Operator("starts", _("starts with"), "one", _any)),
    "number": _by_name(
        Operator("is", "=", "one", _number("exact")),
        Operator("above", ">", "one", _number("gt")),
        Operator("below", "<", "one", _number("lt")),
        Operator("between", _("between"), "two", _between),
        EMPTY,
        FILLED,
    ),
    "day": DATES,
    "moment": DATES,
    "choice": CHOICES,
    "reference": CHOICES,
    "member": CHOICES,
    "tags": _by_name(
        Operator("any", _("has any of"), "many", _any),
        Operator("all", _("has all of"), "many", _all),
        Operator("none", _("has none of"), "many", _none),
        EMPTY,
        FILLED,
    ),
    "flag": _by_name(
        Operator("yes", _("is set"), "nothing", _flag("yes")),
        Operator("no", _("is not set"), "nothing", _flag("no")),
    ),
    "sealed": _by_name(Operator("is", _("is"), "one", _any), EMPTY, FILLED),
}
