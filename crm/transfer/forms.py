"""What the import pages ask: which file, and which of its columns goes where."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from core.records.importing import Cell, ImportInto
from core.records.registry import RecordType
from core.ui import formats
from crm.transfer.mapping import FACTORS, Column, Mapping
from crm.transfer.operations import LARGEST
from crm.transfer.reading import Table
from crm.transfer.values import read_number

SAMPLES_SHOWN = 3
LEFT_OUT = ("", _("Leave out"))
UNITS = {1: _("As is"), 1_000: _("In thousands"), 1_000_000: _("In millions")}
TOO_LARGE = _("The file is larger than 50 MB. Split it, and import the parts one after the other.")


class UploadForm(Form):
    """The file, and what its rows are."""

    type = forms.ChoiceField(label=_("What are the rows?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8, up to 50 MB, with the names of the columns in the first row."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        error_messages={"required": _("Choose a file.")},
    )

    def __init__(
        self, *args: Any, types: Sequence[RecordType], sent: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.types = {each.name: each for each in types}
        self.sent = sent
        choice: Any = self.fields["type"]
        choice.choices = [(each.name, each.menu.plural) for each in types]

    def clean_type(self) -> RecordType:
        return self.types[self.cleaned_data["type"]]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(TOO_LARGE, code="too_large")
        return file

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        # The server lets a file beyond the limit pass by unread, so the form sees none.
        if "file" in self.errors and self.sent > LARGEST:
            del self.errors["file"]
            self.add_error("file", ValidationError(TOO_LARGE, code="too_large"))


class MappingForm(Form):
    """A field for each column of the file, a unit for columns of numbers, and how records are recognised."""

    match = forms.ChoiceField(label=_("Recognise existing records by"))
    creates_linked = forms.BooleanField(
        label=_("Create companies that do not exist yet"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        table: Table,
        mapping: Mapping,
        importer: ImportInto,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.table, self.mapping, self.importer = table, mapping, importer
        self.fields["match"].choices = [  # type: ignore[attr-defined]
            (matcher.name, matcher.label) for matcher in importer.match if matcher.is_offered
        ]
        if not any(field.lookup and field.lookup.counts for field in importer.fields):
            del self.fields["creates_linked"]
        for at, column in enumerate(mapping.columns):
            self._add(at, column)

    def _add(self, at: int, column: Column) -> None:
        choices = [LEFT_OUT, *((field.name, field.label) for field in self.importer.fields)]
        self._add_choice(f"field-{at}", choices, column.field, column.name)
        number = next((number for number in self._numbers(at) if number), None)
        if number is not None:
            units = [
                (str(factor), f"{UNITS[factor]}: {formats.number(number * factor)}")
                for factor in FACTORS
            ]
            self._add_choice(f"unit-{at}", units, str(column.multiply), _("Unit of the numbers"))

    def _add_choice(self, name: str, choices: Sequence[Any], initial: str, label: Any) -> None:
        field = forms.ChoiceField(choices=choices, initial=initial, label=label, required=False)
        field.widget.attrs["class"] = "select"
        self.fields[name] = field

    def _numbers(self, at: int) -> list[Any]:
        """Return the sampled numbers of a column; none when one of its samples is no number."""
        texts = [
            row.cells[at]
            for row in self.table.sample
            if at < len(row.cells) and row.cells[at].strip()
        ]
        try:
            return [read_number(Cell(text)).value for text in texts]
        except ValidationError:
            return []

    def _looks_small(self, at: int) -> bool:
        """Return whether the numbers are unusually small for their field, as when they are in millions."""
        field = self.importer.field(self[f"field-{at}"].value() or "")
        is_scaled = f"unit-{at}" not in self.fields or self[f"unit-{at}"].value() != "1"
        if field is None or is_scaled or not field.usual_from:
            return False
        return max(self._numbers(at), default=field.usual_from) < field.usual_from

    def samples(self, at: int) -> list[str]:
        """Return the first different texts of a column."""
        texts = (row.cells[at].strip() for row in self.table.sample if at < len(row.cells))
        return list(dict.fromkeys(text for text in texts if text))[:SAMPLES_SHOWN]

    @cached_property
    def scalable(self) -> frozenset[str]:
        return frozenset(field.name for field in self.importer.fields if field.can_scale)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the page shows of each column."""
        return [
            {
                "column": column,
                "samples": self.samples(at),
                "field": self[f"field-{at}"],
                "unit": self[f"unit-{at}"] if f"unit-{at}" in self.fields else None,
                "scales": self[f"field-{at}"].value() in self.scalable,
                "is_small": self._looks_small(at),
            }
            for at, column in enumerate(self.mapping.columns)
        ]

    @property
    def chosen(self) -> Mapping:
        """Return the mapping as it was sent; a unit counts only for a field that has one."""
        return Mapping(
            tuple(self._chosen(at, column) for at, column in enumerate(self.mapping.columns))
        )

    def _chosen(self, at: int, column: Column) -> Column:
        field = self.cleaned_data.get(f"field-{at}", "")
        unit = self.cleaned_data.get(f"unit-{at}") or "1"
        return Column(column.name, field, int(unit) if field in self.scalable else 1)
