"""The form of a service account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.members.forms.places import RoleAndTeamsForm, SuccessorForm, roles_of
from tenants.members.models import Role, User


class AccountForm(RoleAndTeamsForm):
    """A service account's name, role and teams; only roles the admin may give are offered, and teams to who manages them."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("The program it is for. What it does is shown under this name."),
    )
    field_order = ("name", "role", "teams")

    def __init__(self, *args: Any, roles: list[Role], may_teams: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(roles_of(roles), may_teams=may_teams)
        # A program begins with little.
        least = next((each.pk for each in roles if each.key == Role.Key.VIEWER), None)
        self.fields["role"].initial = least


class EndingForm(SuccessorForm):
    """Who gets what an account leaves behind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].label = _("Hand its records to")
        self.offer(User.objects.active_people())
