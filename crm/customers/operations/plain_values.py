"""Reading values companies and contacts share."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.records.writing import Problems
from crm.customers.addresses import find_country, is_country_code
from crm.customers.models.customer import Customer
from crm.customers.operations.references import References, Row, as_id
from crm.customers.phones import parse_phone
from crm.customers.sources import find_source

CURRENCY_LETTERS = 3


def text_of(value: Any) -> str:
    """Return the value as text without spaces around it."""
    return "" if value is None else str(value).strip()


def read_country(value: Any) -> str:
    text = text_of(value)
    if not text or is_country_code(text):
        return text
    code = find_country(text)
    if not code:
        raise ValidationError(_("This country is not known."), code="invalid_country")
    return code


def read_currency(value: Any) -> str:
    text = text_of(value).upper()
    if text and not (len(text) == CURRENCY_LETTERS and text.isascii() and text.isalpha()):
        raise ValidationError(
            _("A currency has three letters, such as EUR."), code="invalid_currency"
        )
    return text


def read_phone(value: Any, *, country: str = "") -> str:
    text = text_of(value)
    return parse_phone(text, country=country) if text else ""


def read_source(value: Any) -> str:
    return find_source(text_of(value))


def read_references(
    record: Customer, row: Row, references: References, *, problems: Problems
) -> list[str]:
    """Set owner and stage; return which of them changed. A new record belongs to the actor."""
    changed = []
    if record._state.adding and "owner" not in row:
        record.owner_id = references.actor.user_id
    readers = {"owner": references.owner, "lifecycle_stage": references.stage}
    for name in readers.keys() & row.keys():
        try:
            # Who already owns the record may have left meanwhile; that is no error of this change.
            if as_id(row[name]) == getattr(record, f"{name}_id"):
                continue
            setattr(record, f"{name}_id", readers[name](row[name]))
            changed.append(name)
        except ValidationError as error:
            problems[name] = error.error_list
    return changed
