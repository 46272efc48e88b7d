"""To whom something goes: one member or one team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tenants.members.models import Team, User


class RecipientForm(Form):
    """Names one member or one team; `whom` returns which."""

    recipient = forms.ChoiceField(label=_("Share with"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = User.objects.filter(is_active=True).order_by("email")
        teams = Team.objects.order_by("name")
        recipient: Any = self.fields["recipient"]
        recipient.choices = [
            ("", "—"),
            (_("Teams"), [(f"team:{each.pk}", each.name) for each in teams]),
            (_("Members"), [(f"member:{each.pk}", each.name) for each in members]),
        ]

    def whom(self) -> dict[str, Any]:
        """Return the member or the team as operations take it."""
        kind, _colon, pk = self.cleaned_data["recipient"].partition(":")
        model: Any = {"member": User, "team": Team}[kind]
        return {kind: model.objects.get(pk=pk)}
