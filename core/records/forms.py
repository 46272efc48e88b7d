"""The base of record forms: fields of the record, and lists inside it as rows of small forms."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseFormSet, formset_factory
from django.utils.functional import cached_property

from core.actors import Actor
from core.forms import Form
from core.records.registry import RecordType, record_type_named

EMPTY_ROWS = 1


class RowForm(Form):
    """One row of a list inside a record. A row without any of its telling fields is no row."""

    telling: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Rows are narrow: a field says what it is for until something is written into it.
        for field in self.fields.values():
            field.widget.attrs.setdefault("placeholder", field.label)

    def has_changed(self) -> bool:
        return any(self[name].data for name in self.telling)

    @property
    def values(self) -> dict[str, Any]:
        """Return what was written into the row, or nothing when only its defaults are there."""
        return dict(self.cleaned_data) if self.is_bound and self.has_changed() else {}


class RecordForm(Form):
    """A form of a record type. `quick` names the fields of quick create; `lists` the rows inside.

    It is made with the actor, because choices are what the actor may see, and with the record it
    changes, if there is one.
    """

    quick: ClassVar[tuple[str, ...]] = ()
    lists: ClassVar[dict[str, type[RowForm]]] = {}
    list_labels: ClassVar[dict[str, Any]] = {}
    groups: ClassVar[tuple[tuple[Any, tuple[str, ...]], ...]] = ()
    # The form of those who may write all fields, where this one has less.
    whole: ClassVar[type[Self] | None] = None

    def __init__(
        self, data: Any = None, *, actor: Actor, record: Model | None = None, **kwargs: Any
    ) -> None:
        self.actor, self.record = actor, record
        known = self.initial_of(record) if record else {}
        kwargs["initial"] = {**known, **(kwargs.get("initial") or {})}
        super().__init__(data, **kwargs)
        self.prepare()

    def initial_of(self, record: Any) -> dict[str, Any]:
        """Return the record's values as the form shows them."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Fill in the choices that depend on the actor."""

    def begin_with(self, **values: Any) -> None:
        """Let fields begin with these values, as far as whoever writes has the fields."""
        for name in values.keys() & self.fields.keys():
            self.fields[name].initial = values[name]

    @classmethod
    def label_of(cls, name: str) -> Any:
        said = cls.list_labels.get(name) or super().label_of(name)
        return said or (cls.whole.label_of(name) if cls.whole else "")

    @cached_property
    def formsets(self) -> dict[str, BaseFormSet]:
        return {name: self._formset(name, row) for name, row in self.lists.items()}

    def _formset(self, name: str, row: type[RowForm]) -> BaseFormSet:
        kind = formset_factory(row, extra=EMPTY_ROWS, max_num=50, absolute_max=60)
        return kind(
            self.data if self.is_bound else None,
            prefix=name,
            initial=self.initial.get(name) or [],
            form_kwargs={"actor": self.actor} if getattr(row, "needs_actor", False) else {},
        )

    def is_valid(self) -> bool:
        # A list, so that every row says what is wrong with it.
        rows_are_valid = all([formset.is_valid() for formset in self._given().values()])  # noqa: C419
        return super().is_valid() and rows_are_valid

    def _given(self) -> dict[str, BaseFormSet]:
        """The lists this submission has; quick create leaves some out."""
        if not self.is_bound:
            return {}
        return {
            name: formset
            for name, formset in self.formsets.items()
            if f"{name}-TOTAL_FORMS" in self.data
        }

    @property
    def changes(self) -> dict[str, Any]:
        """Return what the person changed; a list is given whole."""
        changed: dict[str, Any] = {
            name: self.cleaned_data[name] for name in self.changed_data if name in self.sent
        }
        for name, formset in self._given().items():
            changed[name] = [form.values for form in formset.forms if form.values]
        return changed

    @cached_property
    def sent(self) -> set[str]:
        """The fields this submission has: quick create shows a few, and others may leave some out."""
        shown = set(self.quick) if self.data.get("form") == "quick" else set(self.fields)
        return {name for name in shown & set(self.fields) if not self._is_omitted(name)}

    def _is_omitted(self, name: str) -> bool:
        widget = self.fields[name].widget
        return widget.value_omitted_from_data(self.data, self.files, self.add_prefix(name))

    def refuse(self, error: ValidationError) -> None:
        """Show an operation's refusal where each wrong value stands."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for path, errors in error.error_dict.items():
            self._refuse_at(path, errors)

    def _refuse_at(self, path: str, errors: list[ValidationError]) -> None:
        name, _, rest = path.partition(".")
        row, _, column = rest.partition(".")
        if name in self.lists and column:
            filled = [form for form in self.formsets[name].forms if form.values]
            filled[int(row)].add_error(column, errors)
        else:
            self.add_error(name if name in self.fields else None, errors)

    @property
    def missing(self) -> list[tuple[RecordType, str]]:
        """Return what fields name that is not there yet, each once: what kind of record, and its name."""
        forms = [self, *(form for formset in self._given().values() for form in formset.forms)]
        errors = (
            error for form in forms for each in form.errors.as_data().values() for error in each
        )
        asked = (error.params for error in errors if error.params and "creates" in error.params)
        named = dict.fromkeys((params["creates"], params["name"]) for params in asked)
        known = ((record_type_named(kind), name) for kind, name in named)
        return [(record_type, name) for record_type, name in known if record_type]

    @property
    def field_groups(self) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings; a list stands where its name stands."""
        return [
            (title, [self._part(name) for name in self.arranged(names)])
            for title, names in self.groups
        ]

    def arranged(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the fields in the order the reader's language expects."""
        return names

    def _part(self, name: str) -> Mapping[str, Any]:
        if name in self.lists:
            return {"name": name, "rows": self.formsets[name], "label": self.list_labels[name]}
        return {"name": name, "field": self[name]}

    @property
    def quick_fields(self) -> list[Any]:
        return [self._part(name) for name in self.arranged(self.quick)]
