"""Putting what the journal keeps into the words its readers use."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.forms import BooleanField, DateField, DecimalField, Field
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.field_rights import MASK, FieldRight, named_fields
from core.records.registry import RecordType
from core.ui import formats

NOTHING = "—"
# What the journal keeps as JSON, said as forms and lists say it.
TYPED: dict[type[Any], Callable[[Any], str]] = {
    BooleanField: lambda value: str(_("Yes") if value else _("No")),
    DateField: lambda value: formats.day(date.fromisoformat(value)),
    DecimalField: lambda value: formats.number(Decimal(value).normalize()),
}


class Words:
    """Says the values of one record type; what its fields offer as choices is asked once."""

    def __init__(self, record_type: RecordType) -> None:
        form: Any = record_type.form
        # What may only be read is not on the form of whoever reads.
        self.form: Any = form.whole or form
        self.rights = record_type.rights.of_type(record_type.name)
        self._choices: dict[str, dict[str, str]] = {}

    def label(self, name: str) -> str:
        """Return what the field is called on its form."""
        return str(self.form.label_of(name) or capfirst(name.replace("_", " ")))

    def labels(self, names: Iterable[str]) -> str:
        return _(", ").join(self.label(name) for name in self.seen(names))

    def seen(self, names: Iterable[str]) -> list[str]:
        """Return those of the fields that are not hidden from whoever reads."""
        return named_fields(names, self.rights)

    def value(self, name: str, value: Any) -> str:
        """Return a value as a person reads it, or its mask; nothing is a dash."""
        if self.rights.get(name) == FieldRight.MASKED:
            return MASK if value not in (None, "", []) else NOTHING
        if name in self.form.lists:
            return _(", ").join(self._row(self.form.lists[name], row) for row in value) or NOTHING
        return self._field(self.form.base_fields.get(name), name, value) or NOTHING

    def _row(self, row_form: Any, row: Mapping[str, Any]) -> str:
        said = [
            self._field(row_form.base_fields.get(name), f"{row_form.__name__}.{name}", value)
            for name, value in row.items()
            if name != "primary"
        ]
        return " · ".join(each for each in said if each)

    def _field(self, field: Field | None, key: str, value: Any) -> str:
        if isinstance(value, list):
            words = (self._field(field, key, each) for each in value)
            return _(", ").join(each for each in words if each)
        if value is None or value == "":
            return ""
        if type(field) in TYPED:
            return TYPED[type(field)](value)
        if word_for := getattr(field, "word_for", None):
            return str(word_for(UUID(str(value))))
        return self._choice(field, key).get(str(value), str(value))

    def _choice(self, field: Any, key: str) -> dict[str, str]:
        if key not in self._choices:
            offered = getattr(field, "choices", None) or getattr(field, "suggestions", tuple)()
            self._choices[key] = {str(known): str(word) for known, word in offered if known}
        return self._choices[key]
