"""Fields that take a list, written one to a line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.members.models.policies import check_network


class LineListField(forms.CharField):
    """A list, written one to a line."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false"})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return (super().to_python(value) or "").split()

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class NetworksField(LineListField):
    """Addresses and ranges something is allowed from; every wrong line is named."""

    def __init__(self, *, rows: int = 4) -> None:
        super().__init__(
            label=_("Allowed addresses"),
            help_text=_(
                "One address or range on each line, such as 203.0.113.0/24. Empty means everywhere."
            ),
            required=False,
            widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "false"}),
        )

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        wrong = list(filter(None, map(_complaint, value)))
        if wrong:
            raise ValidationError(wrong)


def _complaint(network: str) -> ValidationError | None:
    try:
        check_network(network)
    except ValidationError as error:
        return error
    return None
