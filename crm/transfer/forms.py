"""What the import pages ask: which file, how it is read, which column goes where, and what else is decided."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from core.limits import allowance
from core.records.importing import Cell, ImportInto
from core.records.registry import RecordType
from core.ui import formats
from crm.transfer.lists import split_list
from crm.transfer.mapping.columns import EXISTING, FACTORS, Column, Existing, Mapping
from crm.transfer.matching import samples
from crm.transfer.options import MODES, LawfulBasis, Options
from crm.transfer.reading.delimited import DELIMITER_LABELS
from crm.transfer.reading.encodings import LABELS
from crm.transfer.reading.sizes import too_large
from crm.transfer.reading.table import Table
from crm.transfer.values import read_number
from tenants.members.models import User

LEFT_OUT = ("", _("Leave out"))
UNITS = {1: _("As is"), 1_000: _("In thousands"), 1_000_000: _("In millions")}
NOBODY = ("", _("Whoever imports"))
ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.vcf,text/csv,text/vcard"


class UploadForm(Form):
    """The file, and what its rows are."""

    type = forms.ChoiceField(label=_("What are the rows?"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or another text with delimiters, Excel workbook (XLSX), or vCard."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
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
        if file.size > allowance("import_bytes"):
            raise ValidationError(too_large(), code="too_large")
        return file

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        # The server lets a file beyond the limit pass by unread, so the form sees none.
        if "file" in self.errors and self.sent > allowance("import_bytes"):
            del self.errors["file"]
            self.add_error("file", ValidationError(too_large(), code="too_large"))


class LayoutForm(Form):
    """How the file is read; only what applies to its kind is asked."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=tuple(LABELS.items()), required=False)
    delimiter = forms.ChoiceField(
        label=_("Delimiter"), choices=tuple(DELIMITER_LABELS.items()), required=False
    )
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)

    def __init__(self, data: Any = None, *, table: Table) -> None:
        layout = table.layout
        super().__init__(data, initial=layout.as_json())
        choice: Any = self.fields["sheet"]
        choice.choices = [(name, name) for name in table.sheets]
        if layout.kind == "workbook" or not layout.encoding:
            del self.fields["encoding"]
        if layout.kind != "text":
            del self.fields["delimiter"]
        if layout.kind != "workbook" or len(table.sheets) < 2:
            del self.fields["sheet"]

    @property
    def is_asking(self) -> bool:
        return bool(self.fields)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        # A tab is stripped like a space, and is one of the choices.
        raw = self.data.get("delimiter")
        if raw in DELIMITER_LABELS:
            self.errors.pop("delimiter", None)
            self.cleaned_data["delimiter"] = raw


class MappingNameForm(Form):
    """What a saved mapping is called."""

    name = forms.CharField(label=_("Name"), max_length=80)


class MappingForm(Form):
    """A field for each column of the file, a unit for columns of numbers, a name to save it all under."""

    save_as = forms.CharField(
        label=_("Save this mapping as"),
        max_length=80,
        required=False,
        help_text=_("Files with the same columns are then matched like this by themselves."),
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
        for at, column in enumerate(mapping.columns):
            self._add(at, column)

    def _add(self, at: int, column: Column) -> None:
        choices = [LEFT_OUT, *((field.name, field.label) for field in self.importer.fields)]
        self._add_choice(f"field-{at}", choices, column.field, column.name)
        label = _("Existing values")
        self._add_choice(f"existing-{at}", tuple(EXISTING.items()), column.existing, label)
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
        try:
            return [read_number(Cell(text)).value for text in self.table.texts(at)]
        except ValidationError:
            return []

    def _looks_small(self, at: int) -> bool:
        """Return whether the numbers are unusually small for their field, as when they are in millions."""
        field = self.importer.field(self[f"field-{at}"].value() or "")
        is_scaled = f"unit-{at}" not in self.fields or self[f"unit-{at}"].value() != "1"
        if field is None or is_scaled or not field.usual_from:
            return False
        return max(self._numbers(at), default=field.usual_from) < field.usual_from

    @cached_property
    def scalable(self) -> frozenset[str]:
        return frozenset(field.name for field in self.importer.fields if field.can_scale)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """What the page shows of each column."""
        return [
            {
                "column": column,
                "samples": samples(self.table, at),
                "field": self[f"field-{at}"],
                "existing": self[f"existing-{at}"],
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
        factor = int(unit) if field in self.scalable else 1
        existing: Existing = self.cleaned_data.get(f"existing-{at}") or "overwrite"
        return Column(column.name, field, factor, existing=existing)


class OptionsForm(Form):
    """Which rows count, and what every record gets besides what its row says."""

    mode = forms.ChoiceField(
        label=_("What to do with the rows"), choices=tuple(MODES.items()), widget=forms.RadioSelect
    )
    match = forms.ChoiceField(
        label=_("Recognise existing records by"),
        help_text=_("A row that is recognised updates the record; any other row creates one."),
    )
    owner = forms.ChoiceField(
        label=_("Owner of new records"),
        required=False,
        help_text=_("Where the file has a column for the owner, that one counts."),
    )
    tags = forms.CharField(
        label=_("Tags for every record"),
        max_length=400,
        required=False,
        help_text=_("Between semicolons. Tags that do not exist yet are created."),
    )
    creates_linked = forms.BooleanField(
        label=_("Create companies that do not exist yet"),
        required=False,
        help_text=_("Otherwise a row that names an unknown company is refused."),
    )
    creates_options = forms.BooleanField(
        label=_("Create stages that do not exist yet"),
        required=False,
        help_text=_("Otherwise a row with an unknown stage is refused."),
    )
    runs_automations = forms.BooleanField(
        label=_("Run automations for imported records"),
        required=False,
        help_text=_("Off, an import of a thousand people sends nobody a message."),
    )
    lawful_basis = forms.ChoiceField(
        label=_("Why you may keep these people’s data"),
        choices=(("", _("Not stated")), *LawfulBasis.choices),
        required=False,
        help_text=_("Kept with the import, and shown when somebody asks."),
    )
    basis_source = forms.CharField(
        label=_("Where the data come from"),
        max_length=300,
        required=False,
        help_text=_("For example: visitors of our stand at the fair, March 2026."),
    )

    def __init__(
        self, data: Any = None, *, importer: ImportInto, is_person: bool, options: Options
    ) -> None:
        initial = options.as_json() | {"tags": "; ".join(options.tags)}
        super().__init__(data, initial=initial)
        match: Any = self.fields["match"]
        match.choices = [(each.name, each.label) for each in importer.match if each.is_offered]
        people = User.objects.filter(is_active=True).order_by("joined_at", "pk")
        owner: Any = self.fields["owner"]
        owner.choices = [NOBODY, *((str(each.pk), each.name) for each in people)]
        lookups = [field.lookup for field in importer.fields if field.lookup]
        left_out = {
            "creates_linked": not any(each.counts for each in lookups),
            "creates_options": not any(each.is_option for each in lookups),
            "lawful_basis": not is_person,
            "basis_source": not is_person,
            "tags": importer.field("tags") is None,
            "owner": importer.field("owner") is None,
        }
        for name in (name for name, is_left_out in left_out.items() if is_left_out):
            del self.fields[name]

    @property
    def chosen(self) -> Options:
        """Return the options as they were sent."""
        sent = {name: self.cleaned_data[name] for name in self.fields}
        owner, tags = sent.pop("owner", ""), sent.pop("tags", "")
        return Options(owner=UUID(owner) if owner else None, tags=tuple(split_list(tags)), **sent)
