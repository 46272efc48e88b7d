"""Telling by a cell alone what its column holds."""

import re

from django.core.exceptions import ValidationError

from core.records.importing import Cell
from crm.customers.importing.values import read_country

_EMAIL = re.compile(r"[^\s@;,]+@[^\s@;,]+\.[^\s@;,.]{2,}")
_PHONE = re.compile(r"'?\+?[\d\s().\-/]{6,24}(x\d{1,6})?")
_DAY_LIKE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")
FEWEST_DIGITS = 7


def looks_like_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None


def looks_like_phone(text: str) -> bool:
    """Return whether it can only be a telephone number: plain numbers and days are none."""
    digits = sum(sign.isdigit() for sign in text)
    if not _PHONE.fullmatch(text) or _DAY_LIKE.fullmatch(text) or digits < FEWEST_DIGITS:
        return False
    return text.lstrip("'").startswith(("+", "0", "1")) or not text.isdigit()


def looks_like_country(text: str) -> bool:
    try:
        return not read_country(Cell(text)).correction
    except ValidationError:
        return False
