"""Spans of days that conditions speak of: a day, this quarter, the last 30 days."""

from collections.abc import Callable, Mapping
from datetime import MAXYEAR, date, timedelta

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# From the first day to the day after the last; None where there is no end.
type Span = tuple[date | None, date | None]

MOST_DAYS = 36_500
NAMED_DAYS: Mapping[str, int] = {"today": 0, "yesterday": -1, "tomorrow": 1}
DAY_NAMES: Mapping[str, str | Promise] = {
    "today": _("today"),
    "yesterday": _("yesterday"),
    "tomorrow": _("tomorrow"),
}
PERIOD_NAMES: Mapping[str, str | Promise] = {
    "this_week": _("this week"),
    "last_week": _("last week"),
    "next_week": _("next week"),
    "this_month": _("this month"),
    "last_month": _("last month"),
    "next_month": _("next month"),
    "this_quarter": _("this quarter"),
    "last_quarter": _("last quarter"),
    "next_quarter": _("next quarter"),
    "this_year": _("this year"),
    "last_year": _("last year"),
    "next_year": _("next year"),
}
STEPS = {"last": -1, "this": 0, "next": 1}


def day_of(text: str, today: date) -> date:
    """Return the day a word or an ISO date means."""
    if text in NAMED_DAYS:
        return today + timedelta(days=NAMED_DAYS[text])
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("“%(text)s” is not a date."), params={"text": text}) from None


def days_of(text: str) -> int:
    """Return the number of days written here."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_DAYS:
        raise ValidationError(_("“%(text)s” is not a number of days."), params={"text": text})
    return int(text)


def last_days(days: int, today: date) -> Span:
    """Return the days that end with today."""
    return today - timedelta(days=days - 1), after(today)


def next_days(days: int, today: date) -> Span:
    """Return the days that begin with today."""
    return today, today + timedelta(days=days)


def after(day: date) -> date | None:
    """Return the day that follows; none follows the last there is."""
    return None if day == date.max else day + timedelta(days=1)


def period(name: str, today: date) -> Span:
    """Return the week, month, quarter or year of this name."""
    if name not in PERIOD_NAMES:
        raise ValidationError(_("“%(text)s” is not a period."), params={"text": name})
    step, _sep, unit = name.partition("_")
    starts = STARTS[unit]
    return starts(today, STEPS[step]), starts(today, STEPS[step] + 1)


def _week(today: date, step: int) -> date:
    return today - timedelta(days=today.weekday() - 7 * step)


def _month(today: date, step: int, *, size: int = 1) -> date:
    months = today.year * 12 + today.month - 1
    months = months - months % size + step * size
    return date(min(months // 12, MAXYEAR), months % 12 + 1, 1)


def _quarter(today: date, step: int) -> date:
    return _month(today, step, size=3)


def _year(today: date, step: int) -> date:
    return _month(today, step, size=12)


STARTS: Mapping[str, Callable[[date, int], date]] = {
    "week": _week,
    "month": _month,
    "quarter": _quarter,
    "year": _year,
}
