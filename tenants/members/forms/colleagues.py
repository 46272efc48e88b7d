"""What admins decide about a member: role, teams, and who takes over when they leave."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tenants.members.models import Role, Team, User


class MemberForm(Form):
    """A member's role and teams; only roles the admin may give are offered."""

    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.none(), empty_label=None)
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, roles: list[Role], may_teams: bool, may_role: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.queryset = Role.objects.in_order().filter(pk__in=[each.pk for each in roles])
        role.disabled = not may_role
        teams: Any = self.fields["teams"]
        teams.queryset = Team.objects.order_by("name")
        if not may_teams or not teams.queryset.exists():
            del self.fields["teams"]


class LeavingForm(Form):
    """Who gets what a member leaves behind; nobody leaves it where it is."""

    successor = forms.ModelChoiceField(
        label=_("Hand their records to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: leave them where they are"),
    )

    def __init__(self, *args: Any, member: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True, is_service=False).exclude(pk=member.pk)
        successor: Any = self.fields["successor"]
        successor.queryset = others.order_by("given_name", "family_name", "email")
