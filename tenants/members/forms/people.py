"""What members tell of themselves, and those who become members."""

from json import loads
from typing import Any

from allauth.account.forms import AddEmailForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from core.forms import Form, ModelForm, ReadingForm, dress, in_name_order
from tenants.members.forms.factors import or_refused, proven_passkey
from tenants.members.models import User
from tenants.members.passwords import password_help
from tenants.time_zones import time_zones


class NamedForm(ReadingForm):
    """A form of a person, whose names stand in the order the reader writes them."""

    @property
    def names(self) -> list[forms.BoundField]:
        return [self[name] for name in in_name_order(("given_name", "family_name"))]


class ProfileForm(NamedForm, ModelForm):
    """A member's own name, language, time zone and habits."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)

    class Meta:
        model = User
        fields = ("given_name", "family_name", "language", "time_zone", "theme", "has_shortcuts")


class PreferencesForm(Form):
    """The few settings that a menu changes in one click; absent ones stay."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    theme = forms.ChoiceField(choices=User.Theme.choices, required=False)
    sidebar = forms.ChoiceField(choices=[("open", ""), ("collapsed", "")], required=False)

    def preferences(self) -> dict[str, Any]:
        """Return the member's fields to change."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        sidebar = given.pop("sidebar", None)
        return (
            given if sidebar is None else {**given, "is_sidebar_collapsed": sidebar == "collapsed"}
        )


class JoinForm(NamedForm, Form):
    """What an invited person adds to become a member: a password, or a passkey in its place."""

    given_name = forms.CharField(label=_("Given name"), max_length=80, required=False)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    # Text, because an empty field of JSON would be sent as null.
    credential = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = password_help()
        # Whoever comes with a passkey needs no password.
        self.fields["password"].required = not self.data.get("credential")

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, User(email=self.email))
        return password

    def clean_credential(self) -> dict[str, Any] | None:
        credential: str = self.cleaned_data["credential"]
        return proven_passkey(or_refused(lambda: loads(credential))) if credential else None


class NewAddressForm(AddEmailForm):
    """The address a member wants to log in with from now on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New address")
        self.fields["email"].widget.attrs.pop("placeholder", None)
        dress(self.fields["email"].widget)
