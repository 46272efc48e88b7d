"""Numbers, money and time as the reader's language writes them."""

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, get_timezone_name
from babel.numbers import format_compact_decimal, format_currency, format_decimal
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

LOCALES = {"zh-hans": "zh_Hans_CN", "en": "en_GB"}
HTML_LANGUAGES = {"zh-hans": "zh-CN"}
NONE = "—"
MINUTE, HOUR = 60, 3600

type Variant = Literal["standard", "daylight"]


def locale() -> Locale:
    """Return the Babel locale of the language being spoken."""
    return _locale_of(get_language() or "en")


@cache
def _locale_of(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, "en_GB"))


def html_language() -> str:
    """Return the `lang` attribute for the language being spoken."""
    language = get_language() or "en"
    return HTML_LANGUAGES.get(language, language)


def number(value: Decimal | int | float | None) -> str:
    """Return the number with separators; a dash for nothing."""
    return NONE if value is None else str(format_decimal(value, locale=locale()))


def short_number(value: Decimal | int | float | None) -> str:
    """Return a rounded number for tight places: 12K, 1.3万."""
    if value is None:
        return NONE
    return str(format_compact_decimal(float(value), locale=locale(), fraction_digits=1))


def money(amount: Decimal | int | None, currency: str) -> str:
    """Return the amount in its currency, without decimals when it is whole."""
    if amount is None or not currency:
        return NONE
    whole = amount == int(amount)
    return str(
        format_currency(
            int(amount) if whole else amount,
            currency,
            locale=locale(),
            decimal_quantization=not whole,
            format=_whole_format() if whole else None,
            currency_digits=not whole,
        )
    )


def _whole_format() -> str:
    return str(locale().currency_formats["standard"].pattern).replace(".00", "")


def day(value: date | None) -> str:
    """Return the calendar day: 18 Nov 2026, 2026年11月18日."""
    return NONE if value is None else _dated(_local_day(value), "medium", locale())


def moment(value: datetime | None) -> str:
    """Return day and time in the reader's zone."""
    if value is None:
        return NONE
    local = timezone.localtime(value)
    return f"{_dated(local.date(), 'medium', locale())} {clock(local)}"


def exact(value: datetime) -> str:
    """Return the whole truth about an instant, zone included, for a title."""
    return _exact(timezone.localtime(value), locale())


def _exact(local: datetime, spoken: Locale) -> str:
    zone = _zone_name(local.tzinfo, "daylight" if local.dst() else "standard", spoken)
    return f"{_dated(local.date(), 'full', spoken)} {_clock(local)} ({zone})"


# Pages show the same few days and zones over and over, and writing one out takes a while.
@lru_cache(maxsize=4096)
def _dated(value: date, style: str, locale: Locale) -> str:
    return str(format_date(value, style, locale=locale))


@lru_cache(maxsize=1024)
def _zone_name(zone: tzinfo | None, variant: Variant, locale: Locale) -> str:
    return str(get_timezone_name(zone, zone_variant=variant, locale=locale))


def clock(value: datetime) -> str:
    """Return the time of day as hours and minutes."""
    return _clock(timezone.localtime(value))


def _clock(local: datetime) -> str:
    return f"{local.hour:02}:{local.minute:02}"


def ago(value: datetime, *, now: datetime | None = None) -> str:
    """Return how long ago in words while that helps, then the day."""
    return ago_and_exact(value, now=now)[0]


def ago_and_exact(value: datetime, *, now: datetime | None = None) -> tuple[str, str]:
    """Return both ways to say an instant. Every row of a list has one, so it is quick."""
    zone, spoken = timezone.get_current_timezone(), locale()
    now = now or datetime.now(UTC)
    local = value.astimezone(zone)
    return _ago(local, now.astimezone(zone), (now - value).total_seconds(), spoken), _exact(
        local, spoken
    )


def _ago(local: datetime, today: datetime, seconds: float, spoken: Locale) -> str:
    words = _words_of_time(get_language())
    if 0 <= seconds < MINUTE:
        return words["now"]
    if 0 <= seconds < HOUR:
        return words["minutes"] % {"count": int(seconds // MINUTE)}
    days = (today.date() - local.date()).days
    if days == 0:
        return words["hours"] % {"count": int(seconds // HOUR)} if seconds >= 0 else _clock(local)
    if days == 1:
        return words["yesterday"]
    if local.year == today.year:
        return _dated(local.date(), "M月d日" if spoken.language == "zh" else "d MMM", spoken)
    return _dated(local.date(), "medium", spoken)


@cache
def _words_of_time(_language: str | None) -> dict[str, str]:
    return {
        "now": _("just now"),
        "minutes": _("%(count)s min ago"),
        "hours": _("%(count)s h ago"),
        "yesterday": _("yesterday"),
    }


def _local_day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value
