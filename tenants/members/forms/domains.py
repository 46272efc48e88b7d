"""The domain whose people may join, and as what."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tenants.members.forms.inviting import PlaceForm
from tenants.members.models import Role


class DomainPlaceForm(PlaceForm):
    """As what people of the domain come in: never as an owner or admin."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.queryset = role.queryset.exclude(key__in=[Role.Key.OWNER, Role.Key.ADMIN])


class DomainForm(DomainPlaceForm):
    """A domain to prove."""

    name = forms.CharField(
        label=_("Domain"),
        max_length=253,
        help_text=_("What stands after the @ of your colleagues' addresses, such as example.com."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
    )

    field_order = ("name", "role", "teams")


class AskForm(Form):
    """The address somebody would like to join with."""

    email = forms.EmailField(
        label=_("Work e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
