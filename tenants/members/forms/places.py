"""What forms about people and programs have in common: a role and teams, and who takes over."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tenants.members.models import Role, Team, User


class RoleAndTeamsForm(Form):
    """A role and teams; `offer` says which, and leaves teams out where there are none to choose."""

    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.none(), empty_label=None)
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def offer(self, roles: QuerySet[Role], *, may_teams: bool) -> None:
        """Let these roles be chosen, and every team by those who may fill teams."""
        role: Any = self.fields["role"]
        role.queryset = roles
        teams: Any = self.fields["teams"]
        teams.queryset = Team.objects.order_by("name")
        if not may_teams or not teams.queryset.exists():
            del self.fields["teams"]


class SuccessorForm(Form):
    """Who gets what somebody leaves behind; nobody leaves it where it is."""

    successor = forms.ModelChoiceField(
        label=_("Hand their records to"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: leave them where they are"),
    )

    def offer(self, others: QuerySet[User]) -> None:
        """Let one of these be chosen."""
        successor: Any = self.fields["successor"]
        successor.queryset = others.order_by("given_name", "family_name", "email")


def roles_of(roles: list[Role]) -> QuerySet[Role]:
    """Return the roles in the order of their list, as a field takes them."""
    return Role.objects.in_order().filter(pk__in=[each.pk for each in roles])
