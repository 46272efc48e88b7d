"""How a member wants to be told of what."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form, dress
from crm.notifications.kinds import Kind, Mail
from crm.notifications.preferences import Wish


class PreferencesForm(Form):
    """For each kind whether it is shown, and when it is mailed."""

    def __init__(self, *args: Any, wishes: Mapping[Kind, Wish], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = list(wishes)
        for kind, wish in wishes.items():
            self.fields[f"{kind.name}_shown"] = forms.BooleanField(
                label=_("In Atrium"), required=False, initial=wish.is_shown
            )
            self.fields[f"{kind.name}_mail"] = forms.ChoiceField(
                label=_("By mail"), choices=Mail.choices, required=False, initial=wish.mail
            )
        for field in self.fields.values():
            dress(field.widget)

    def lines(self) -> Iterator[tuple[Kind, forms.BoundField, forms.BoundField]]:
        """Yield each kind with its two fields."""
        for kind in self.kinds:
            yield kind, self[f"{kind.name}_shown"], self[f"{kind.name}_mail"]

    def wishes(self) -> dict[str, Wish]:
        """Return what was chosen, as the operation takes it."""
        said = self.cleaned_data
        return {
            kind.name: Wish(said[f"{kind.name}_shown"], said[f"{kind.name}_mail"])
            for kind in self.kinds
        }
