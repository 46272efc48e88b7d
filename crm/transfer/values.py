"""Reading the values every record type has: text, numbers, days, yes and no, lists."""

import re
import unicodedata
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.records.importing import Cell, Reading
from crm.transfer.lists import split_list, split_parallel

GROUPED = {
    ",": re.compile(r"-?[1-9]\d{0,2}(,\d{3})+"),
    ".": re.compile(r"-?[1-9]\d{0,2}(\.\d{3})+"),
}
AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
# Currencies by sign or three letters, and whatever people group digits with. “12 Mio” is twelve million, not twelve.
_SCALES = r"(?!(?i:mio|mln|mil|mrd|bln|bil|tsd|thd|tds)(?:[\s.€$£]|$))"
_DECORATION = re.compile(rf"[\s\u00a0\u202f'’_]|{_SCALES}[A-Za-z]{{3}}(?=\s|\d|$|-)|[$€£¥₹]|元")
_NUMBER = re.compile(r"-?\d[\d.,]*|-?[.,]\d+")
# Google's exports put it between several values.
SEVERAL = " ::: "
TRUE = frozenset({"yes", "y", "true", "1", "x", "on", "ja", "是", "对", "真", "✓"})
FALSE = frozenset({"no", "n", "false", "0", "-", "off", "nein", "否", "假"})
DAY_FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d.%m.%Y",
    "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y", "%B %d %Y", "%b %d %Y", "%d-%b-%Y", "%d-%B-%Y",
)  # fmt: skip
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})?( ?[AaPp][Mm])?$")


def read_text(cell: Cell) -> Reading:
    """Return the text without spaces around it."""
    return Reading(cell.text.strip())


def read_list(cell: Cell) -> Reading:
    """Return the values of a cell that may hold several."""
    return Reading(split_list(cell.text.replace(SEVERAL, ";")))


def read_places(cell: Cell) -> Reading:
    """Return values that belong, one by one, to those of another column."""
    return Reading(split_parallel(cell.text))


def read_number(cell: Cell) -> Reading:
    """Return a number times the column's factor; English and German styles where they cannot be confused."""
    digits = digits_of(cell.text)
    return Reading(_normal(_decimal(digits, cell.decimal_sign, cell.text) * cell.multiply))


def read_integer(cell: Cell) -> Reading:
    """Return a whole number; a single separator before three digits can only group them."""
    digits = digits_of(cell.text)
    if AMBIGUOUS.fullmatch(digits):
        digits = re.sub("[.,]", "", digits)
    value = _decimal(digits, cell.decimal_sign, cell.text) * cell.multiply
    if value != value.to_integral_value():
        raise ValidationError(_("This is not a whole number."), code="not_whole")
    return Reading(int(value))


def decimal_sign_in(text: str) -> str:
    """Return the decimal sign this number proves, or nothing: 1,100.5 proves a point, 1,100 nothing."""
    digits = digits_of(text)
    if not _NUMBER.fullmatch(digits) or AMBIGUOUS.fullmatch(digits):
        return ""
    signs = [sign for sign in ".," if sign in digits]
    if len(signs) == 2:
        return max(signs, key=digits.rindex)
    if not signs:
        return ""
    sign = signs[0]
    return ({".": ",", ",": "."}[sign]) if GROUPED[sign].fullmatch(digits) else sign


def digits_of(text: str) -> str:
    """Return a number as it is written, without currency, spaces and whatever else decorates it."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", text))


def _decimal(digits: str, sign: str, text: str) -> Decimal:
    if not _NUMBER.fullmatch(digits):
        raise ValidationError(_("This is not a number."), code="not_a_number")
    proven = decimal_sign_in(digits) or sign
    if not proven and AMBIGUOUS.fullmatch(digits):
        raise ValidationError(
            _("This could be read in two ways. Write it without a separator, such as %(number)s.")
            % {"number": re.sub("[.,]", "", digits)},
            code="ambiguous_number",
        )
    return _parsed(digits, proven or ".")


def _parsed(digits: str, sign: str) -> Decimal:
    other = "," if sign == "." else "."
    whole, _sign, fraction = digits.partition(sign)
    if other in fraction or (other in whole and not GROUPED[other].fullmatch(whole)):
        raise ValidationError(_("This is not a number."), code="not_a_number")
    try:
        return Decimal(f"{whole.replace(other, '') or '0'}.{fraction or '0'}")
    except InvalidOperation:
        raise ValidationError(_("This is not a number."), code="not_a_number") from None


def _normal(value: Decimal) -> Decimal:
    """Return the number without needless zeros behind the point."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()


def read_day(cell: Cell) -> Reading:
    """Return a day written in a way that means one day alone."""
    text = _TIME.sub("", unicodedata.normalize("NFKC", cell.text).strip())
    if _ISO_DAY.fullmatch(text):
        with suppress(ValueError):
            return Reading(date.fromisoformat(text))
    for pattern in DAY_FORMATS:
        try:
            return Reading(datetime.strptime(text, pattern).date())  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    slashed = SLASHED.fullmatch(text)
    if not slashed:
        raise ValidationError(_("This is not a date. Write it as 2026-11-21."), code="not_a_date")
    return Reading(_slashed_day(*map(int, slashed.groups())))


def _slashed_day(first: int, second: int, year: int) -> date:
    """Return the day of 25/3/2024 or 3/25/2024; refuse 4/3/2024, which is two days."""
    if first <= 12 and second <= 12 and first != second:
        raise ValidationError(
            _("Day and month could be exchanged. Write it as 2026-11-21."), code="ambiguous_date"
        )
    day, month = (first, second) if second <= 12 else (second, first)
    try:
        return date(year, month, day)
    except ValueError:
        raise ValidationError(_("There is no such day."), code="no_such_day") from None


def read_flag(cell: Cell) -> Reading:
    """Return yes or no, in either language."""
    word = unicodedata.normalize("NFKC", cell.text).strip().casefold()
    if word in TRUE:
        return Reading(True)  # noqa: FBT003
    if word in FALSE:
        return Reading(False)  # noqa: FBT003
    raise ValidationError(_("This is neither yes nor no."), code="not_a_flag")
