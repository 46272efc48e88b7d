"""Whom somebody invites, as what, and into which teams."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.access import can
from core.actors import Actor
from core.forms import Form
from tenants.members.giving import may_give
from tenants.members.models import Role, Team
from tenants.members.operations.invitations import MOST_AT_ONCE
from tenants.members.pasted import Pasted, read_addresses
from tenants.members.permissions import MANAGE_TEAMS

LONGEST_LIST = 20_000


def givable_roles(actor: Actor) -> QuerySet[Role]:
    """Return the roles this actor may give, from the widest to the narrowest."""
    given = [role.pk for role in Role.objects.all() if may_give(role, actor=actor)]
    return Role.objects.in_order().filter(pk__in=given)


class PlaceForm(Form):
    """As what somebody comes in: a role the actor may give, and teams where they may fill them."""

    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.none(), empty_label=None)
    teams = forms.ModelMultipleChoiceField(
        label=_("Teams"),
        queryset=Team.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.queryset = givable_roles(actor)
        # Most colleagues sell; nobody becomes an admin because somebody forgot to choose.
        role.initial = role.queryset.filter(key=Role.Key.REP).first() or role.queryset.last()
        teams: Any = self.fields["teams"]
        teams.queryset = Team.objects.order_by("name")
        if not can(actor, MANAGE_TEAMS) or not teams.queryset.exists():
            del self.fields["teams"]

    def place(self) -> dict[str, Any]:
        """Return the role, and the teams where they were asked for, as operations take them."""
        return {name: self.cleaned_data[name] for name in ("role", "teams") if name in self.fields}


class InviteForm(PlaceForm):
    """A list of addresses, pasted or typed; what stands in it is read piece by piece."""

    emails = forms.CharField(
        label=_("E-mail addresses"),
        help_text=_("One or many, parted by commas or lines. “Name <address>” works too."),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    field_order = ("emails", "role", "teams")

    def clean_emails(self) -> list[Pasted]:
        pasted = read_addresses(self.cleaned_data["emails"])
        if not pasted:
            raise ValidationError(_("Write at least one address."))
        if len(pasted) > MOST_AT_ONCE:
            message = _("Invite %(count)s people at once at most.")
            raise ValidationError(message, params={"count": MOST_AT_ONCE})
        return pasted
