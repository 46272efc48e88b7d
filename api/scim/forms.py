"""What admins say of members a provider makes and takes away."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tenants.members.models import Role, Team, User


class ScimForm(Form):
    """Who takes over, and which role new members have."""

    default_role = forms.ModelChoiceField(
        label=_("Role of new members"),
        queryset=Role.objects.none(),
        required=False,
        empty_label=_("Viewer"),
    )
    successor = forms.ModelChoiceField(
        label=_("Records of those who leave go to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("The owner"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["default_role"]
        successor: Any = self.fields["successor"]
        role.queryset = Role.objects.exclude(key=Role.Key.OWNER).in_order()
        people = User.objects.active_people()
        successor.queryset = people.order_by("given_name", "family_name", "email")


class TeamRoleForm(Form):
    """Which role the members of a team have."""

    team = forms.ModelChoiceField(
        label=_("Which team"), queryset=Team.objects.none(), empty_label=None
    )
    role = forms.ModelChoiceField(
        label=_("Role"), queryset=Role.objects.none(), required=False, empty_label="—"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team: Any = self.fields["team"]
        role: Any = self.fields["role"]
        team.queryset = Team.objects.order_by("name")
        role.queryset = Role.objects.exclude(key=Role.Key.OWNER).in_order()
