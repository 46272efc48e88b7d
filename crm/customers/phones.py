"""Telephone numbers: read the way people of a country write them, kept as E.164, shown readably."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat

from core.isolation.scope import current_workspace


def parse_phone(text: str, *, country: str = "") -> str:
    """Return the number as E.164, or raise ValidationError.

    Without an international prefix it is read as a number of the country, else of the workspace's.
    """
    try:
        number = phonenumbers.parse(text, country or current_workspace().country)
    except NumberParseException:
        raise _not_a_number() from None
    if not phonenumbers.is_possible_number(number):
        raise _not_a_number()
    formatted = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{formatted};ext={number.extension}" if number.extension else formatted


def _not_a_number() -> ValidationError:
    return ValidationError(
        _("This is not a telephone number. Include the country code, such as +44 20 7946 0123."),
        code="invalid_phone",
    )


def show_phone(stored: str, *, country: str = "") -> str:
    """Return a stored number nationally when it belongs to the reader's country, else internationally."""
    try:
        number = phonenumbers.parse(stored, None)
    except NumberParseException:
        return stored
    home = phonenumbers.country_code_for_region(country) if country else 0
    style = (
        PhoneNumberFormat.NATIONAL
        if number.country_code == home
        else PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)
