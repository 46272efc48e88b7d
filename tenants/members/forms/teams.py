"""The form of a team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tenants.members.models import Team, User


class TeamForm(Form):
    """A team's name, what it is part of, who manages it, and who belongs to it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=Team.objects.none(), required=False, empty_label="—"
    )
    manager = forms.ModelChoiceField(
        label=_("Manager"), queryset=User.objects.none(), required=False, empty_label="—"
    )
    members = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Who left is in no list, and belongs to it again on coming back.
        self.left = User.objects.filter(is_active=False, memberships__team=team) if team else ()
        members = User.objects.filter(is_active=True)
        members = members.order_by("given_name", "family_name", "email")
        # Programs belong to teams, and manage none.
        people, others = members.active_people(), Team.objects.order_by("name")
        for name, rows in (("parent", others), ("manager", people), ("members", members)):
            field: Any = self.fields[name]
            field.queryset = rows.exclude(pk=team.pk) if team and name == "parent" else rows

    def said(self) -> dict[str, Any]:
        """Return the values as operations take them."""
        said = dict(self.cleaned_data)
        return {**said, "members": [member.pk for member in (*said["members"], *self.left)]}
