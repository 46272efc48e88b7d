"""The form of an API key."""

from datetime import UTC, datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form

LIFETIMES = (
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("One year")),
    ("", _("Until revoked")),
)


class KeyForm(Form):
    """What a member says about a new key."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What the key is for, such as the accounting export."),
    )
    lifetime = forms.ChoiceField(label=_("Expires after"), choices=LIFETIMES, required=False)

    @property
    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["lifetime"]
        return datetime.now(UTC) + timedelta(days=int(days)) if days else None
