"""The form of a service account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tenants.members.models import Role, Team, User


class AccountForm(Form):
    """A service account's name, role and teams; only roles the admin may give are offered."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("The program it is for. What it does is shown under this name."),
    )
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.none(), empty_label=None)
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.queryset = Role.objects.in_order().filter(pk__in=[each.pk for each in roles])
        # A program begins with little.
        role.initial = next((each.pk for each in roles if each.key == Role.Key.VIEWER), None)
        teams: Any = self.fields["teams"]
        teams.queryset = Team.objects.order_by("name")
        if not teams.queryset.exists():
            del self.fields["teams"]


class EndingForm(Form):
    """Who gets what an account leaves behind; nobody leaves it where it is."""

    successor = forms.ModelChoiceField(
        label=_("Hand its records to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: leave them where they are"),
    )

    def __init__(self, *args: Any, account: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True).exclude(pk=account.pk)
        successor: Any = self.fields["successor"]
        successor.queryset = others.order_by("given_name", "family_name", "email")
