"""What the sign-up pages ask, and which answers they take."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from core.forms import Form
from tenants.addresses import normalise, refuse_unsuitable
from tenants.members.models import User
from tenants.signup.models import CODE_LENGTH, normalise_code
from tenants.signup.operations import Company
from tenants.time_zones import time_zones


class EmailForm(Form):
    """The first question."""

    email = forms.EmailField(
        label=_("Work e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class CodeForm(Form):
    """The code from the mail, however it is typed."""

    code = forms.CharField(
        label=_("8-character code"),
        help_text=_("You can paste it. The form is sent when the last character is in."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}
        ),
    )

    def clean_code(self) -> str:
        code = normalise_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise ValidationError(_("The code has 8 letters and digits."), code="length")
        return code


class WorkspaceForm(Form):
    """The company, its address, and the first admin's password."""

    name = forms.CharField(
        label=_("Company or team name"),
        min_length=2,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "autofocus": True}),
    )
    slug = forms.CharField(
        label=_("Address"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    country = forms.ChoiceField(label=_("Country"), choices=lambda: list(countries))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=time_zones,
        widget=forms.Select(attrs={"data-guess": "time-zone"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        help_text=_("At least 12 characters. A sentence is easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    agreed = forms.BooleanField(label=_("I accept the terms of service and the privacy notice"))

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_slug(self) -> str:
        slug = normalise(self.cleaned_data["slug"])
        refuse_unsuitable(slug)
        return slug

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email))
        return password

    def company(self) -> Company:
        """Return the answers as the operation takes them."""
        answers = {name: self.cleaned_data[name] for name in self.fields if name != "agreed"}
        return Company(**answers)
