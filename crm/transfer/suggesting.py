"""What somebody may have meant by a cell that cannot be read; offered beside it, never taken by itself."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from core.actors import Actor
from core.records.importing import Cell, ImportField, ImportInto
from crm.transfer.values import (
    AMBIGUOUS,
    SLASHED,
    digits_of,
    read_day,
    read_integer,
    read_number,
)

MOST = 2
_NUMBERS = re.compile(r"-?\d+(?:[.,]\d+)*")
# Spreadsheets count days from here; a number of five digits among dates is one of theirs.
_FIRST_DAY = date(1899, 12, 30)
_SERIAL = re.compile(r"[2-6]\d{4}")


def suggestions(field: ImportField, importer: ImportInto, text: str, actor: Actor) -> list[str]:
    """Return up to two texts the field can be read from, that are near to this one."""
    near = importer.near.get(field.name) or importer.near.get(field.target)
    found = near(text, actor) if near else GENERAL.get(field.read, _nothing)(text)
    return [each for each in dict.fromkeys(found) if each != text and _is_read(field, each)][:MOST]


def _is_read(field: ImportField, text: str) -> bool:
    try:
        field.read(Cell(text))
    except ValidationError:
        return False
    return True


def _nothing(text: str) -> Sequence[str]:
    return ()


def near_numbers(text: str) -> list[str]:
    """Return the ways to read 18.400, or the one number that stands between words."""
    digits = digits_of(text)
    if AMBIGUOUS.fullmatch(digits):
        return [re.sub("[.,]", "", digits), _with_fraction(digits.replace(",", "."))]
    numbers = _NUMBERS.findall(unicodedata.normalize("NFKC", text))
    return numbers if len(numbers) == 1 else []


def _with_fraction(number: str) -> str:
    """Return 18.4 for 18.400; three digits behind the point could be taken for thousands again."""
    shorter = number.rstrip("0")
    return f"{number}0" if shorter == number else shorter


def near_days(text: str) -> list[str]:
    """Return both days that 3/4/2026 may be, or the day a spreadsheet counted to."""
    text = unicodedata.normalize("NFKC", text).strip()
    if _SERIAL.fullmatch(text):
        return [(_FIRST_DAY + timedelta(days=int(text))).isoformat()]
    if slashed := SLASHED.search(text):
        first, second, year = map(int, slashed.groups())
        return [f"{year:04}-{second:02}-{first:02}", f"{year:04}-{first:02}-{second:02}"]
    return []


GENERAL: dict[Callable[[Cell], object], Callable[[str], Sequence[str]]] = {
    read_number: near_numbers,
    read_integer: near_numbers,
    read_day: near_days,
}
