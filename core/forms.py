"""How forms look and what they may do: they read input, and operations write it."""

from collections.abc import Sequence
from typing import Any, ClassVar, Never

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.template.loader import get_template
from django.utils.translation import get_language

from core.errors import OperationError


def in_name_order(names: Sequence[str]) -> tuple[str, ...]:
    """Return the fields as the reader writes names: Chinese begins with the family name."""
    if not (get_language() or "").startswith("zh"):
        return tuple(names)
    swapped = {"given_name": "family_name", "family_name": "given_name"}
    return tuple(swapped.get(name, name) for name in names)


class ComponentRenderer(DjangoTemplates):
    """Renders each field through templates/components/field.html; widgets stay Django's."""

    field_template_name = "components/field.html"

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("components/"):
            return get_template(template_name)
        return super().get_template(template_name)


WIDGET_CLASSES: dict[type[forms.Widget], str] = {
    forms.Textarea: "textarea",
    forms.SelectMultiple: "select",
    forms.Select: "select",
    forms.CheckboxInput: "input",
    forms.RadioSelect: "",
    forms.CheckboxSelectMultiple: "",
    forms.widgets.Input: "input",
}


def dress(widget: forms.Widget) -> None:
    """Give the widget the class its kind has in the design."""
    for kind, name in WIDGET_CLASSES.items():
        if isinstance(widget, kind):
            if name and name not in widget.attrs.get("class", "").split():
                widget.attrs["class"] = f"{widget.attrs.get('class', '')} {name}".strip()
            return


class ReadingForm(forms.BaseForm):
    """What our forms share: dressed widgets, `changes`, and no way to save."""

    base_fields: ClassVar[dict[str, forms.Field]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field.widget)

    @property
    def changes(self) -> dict[str, Any]:
        """Return the cleaned values of the fields a person changed."""
        return {name: self.cleaned_data[name] for name in self.changed_data}

    def tell(self, refusal: ValidationError | OperationError) -> None:
        """Show why an operation refused: at the fields it names, above the form what has none here."""
        said = getattr(refusal, "error_dict", None)
        if said is None:
            self.add_error(None, str(refusal) if isinstance(refusal, OperationError) else refusal)
            return
        for name, errors in said.items():
            self.add_error(name if name in self.fields else None, errors)

    @classmethod
    def label_of(cls, name: str) -> Any:
        """Return a field's label, or nothing for a name the form does not have."""
        field = cls.base_fields.get(name)
        return field.label if field else ""

    def save(self, *args: Any, **kwargs: Any) -> Never:
        raise NotImplementedError("Forms read input; call an operation to write.")


class Form(ReadingForm, forms.Form):
    """A form of the product."""


class ModelForm(ReadingForm, forms.ModelForm):
    """A form whose fields are named after a model's."""
