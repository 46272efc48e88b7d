"""The forms of an API key."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from api.keys.forms.singles import SinglesForm
from api.keys.grants import READ, WRITE, check_grants, group_names
from core.forms import Form, dress
from tenants.members.forms.lists import NetworksField

LIFETIMES = (
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("365", _("One year")),
    ("", _("Until revoked")),
)
OVERLAPS = (
    ("0", _("Not at all: it ends now")),
    ("1", _("One hour")),
    ("24", _("One day")),
    ("72", _("Three days")),
    ("168", _("One week")),
)
EVERYTHING, LIMITED = "everything", "limited"
NOTHING = ""
DEPTHS = ((NOTHING, _("Nothing")), (READ, _("Read")), (WRITE, _("Read and write")))


class KeyForm(SinglesForm):
    """What somebody says about a new key: what it is for, what it may do, from where, how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("What the key is for, such as the accounting export."),
    )
    lifetime = forms.ChoiceField(
        label=_("Expires after"), choices=LIFETIMES, required=False, initial="365"
    )
    networks = NetworksField(rows=2)
    extent = forms.ChoiceField(
        label=_("It may do"),
        choices=((EVERYTHING, _("Everything its holder may do")), (LIMITED, _("Only this:"))),
        widget=forms.RadioSelect,
        initial=EVERYTHING,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for group, label in group_names().items():
            field = forms.ChoiceField(label=label, choices=DEPTHS, required=False)
            dress(field.widget)
            self.fields[f"group-{group}"] = field

    @property
    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "lifetime", "networks", "extent")]

    @property
    def groups(self) -> Iterator[forms.BoundField]:
        """Yield a field for each part of the product."""
        yield from (self[f"group-{group}"] for group in group_names())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("extent") == LIMITED and not self.errors:
            self._check(self._named())
        return values

    @property
    def grants(self) -> list[str] | None:
        """Return what the key is limited to, or None."""
        return self._named() if self.cleaned_data["extent"] == LIMITED else None

    @property
    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["lifetime"]
        return datetime.now(UTC) + timedelta(days=int(days)) if days else None

    def _named(self) -> list[str]:
        depths = {group: self.cleaned_data.get(f"group-{group}") for group in group_names()}
        groups = [f"{group}:{depth}" for group, depth in depths.items() if depth]
        return [*groups, *self.singles()]

    def _check(self, grants: list[str]) -> None:
        if not grants:
            self.add_error("extent", _("Choose at least one thing the key may do."))
            return
        try:
            check_grants(grants)
        except ValidationError as error:
            self.add_error("extent", error.messages)


class KeyChangeForm(Form):
    """What of a key can be changed."""

    name = forms.CharField(label=_("Name"), max_length=80)
    networks = NetworksField(rows=3)


class RotationForm(Form):
    """How long the key that is replaced works on."""

    overlap_hours = forms.TypedChoiceField(
        label=_("The old key works on for"), choices=OVERLAPS, coerce=int, initial="24"
    )

    @property
    def overlap(self) -> timedelta:
        return timedelta(hours=self.cleaned_data["overlap_hours"])
