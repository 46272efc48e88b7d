"""Whom somebody invites, as what, and into which teams."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.access import can
from core.actors import Actor
from tenants.members.forms.places import RoleAndTeamsForm, roles_of
from tenants.members.giving import may_give
from tenants.members.models import Role
from tenants.members.operations.invitations import MOST_AT_ONCE
from tenants.members.pasted import Pasted, read_addresses
from tenants.members.permissions import MANAGE_TEAMS

LONGEST_LIST = 20_000


def givable_roles(actor: Actor) -> QuerySet[Role]:
    """Return the roles this actor may give, from the widest to the narrowest."""
    return roles_of([role for role in Role.objects.all() if may_give(role, actor=actor)])


class PlaceForm(RoleAndTeamsForm):
    """As what somebody comes in: a role the actor may give, and teams where they may fill them."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = givable_roles(actor)
        self.offer(roles, may_teams=can(actor, MANAGE_TEAMS))
        # Most colleagues sell; nobody becomes an admin because somebody forgot to choose.
        self.fields["role"].initial = roles.filter(key=Role.Key.REP).first() or roles.last()

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
