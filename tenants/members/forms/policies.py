"""How members of a workspace sign in, as its admins say it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tenants.members.forms.lists import NetworksField
from tenants.members.lifetimes import idle_choices, lasting_choices
from tenants.members.models import LoginPolicy, Role
from tenants.members.models.policies import LONGEST_MINIMUM, SHORTEST_PASSWORD


class PolicyForm(Form):
    """What the workspace demands of those who log in."""

    needs_second_factor = forms.BooleanField(label=_("Everybody needs it"), required=False)
    roles = forms.ModelMultipleChoiceField(
        label=_("Or the members of these roles"),
        queryset=Role.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    grace_days = forms.IntegerField(
        label=_("Days to set it up"),
        help_text=_("Until then members work on. After that they set it up first."),
        min_value=0,
        max_value=90,
    )
    idle_minutes = forms.TypedChoiceField(
        label=_("Sign out after no use for"), coerce=int, choices=idle_choices
    )
    lasting_hours = forms.TypedChoiceField(
        label=_("Sign out in any case after"), coerce=int, choices=lasting_choices
    )
    password_length = forms.IntegerField(
        label=_("Shortest password"),
        help_text=_("It holds for passwords chosen from now on."),
        min_value=SHORTEST_PASSWORD,
        max_value=LONGEST_MINIMUM,
    )
    networks = NetworksField()

    def __init__(self, *args: Any, policy: LoginPolicy, **kwargs: Any) -> None:
        roles = Role.objects.in_order()
        initial = {
            **{name: getattr(policy, name) for name in self.base_fields if name != "roles"},
            "roles": [role.pk for role in roles if role.needs_second_factor],
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["roles"].queryset = roles  # type: ignore[attr-defined]
