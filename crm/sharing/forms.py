"""With whom a record is shared, and what for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.members.forms.recipients import RecipientForm
from tenants.members.models import RecordShare


class ShareForm(RecipientForm):
    """Names one member or one team, and what they may do."""

    level = forms.ChoiceField(label=_("Allows"), choices=RecordShare.Level.choices)

    def __init__(self, *args: Any, may_change: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_change:
            level: Any = self.fields["level"]
            level.choices = [each for each in RecordShare.Level.choices if each[0] == "view"]
