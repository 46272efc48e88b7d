"""What members add to their password: an authenticator app, passkeys."""

from collections.abc import Callable
from struct import error as WrongLength
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal.auth import complete_registration, parse_registration_response
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from tenants.members.models import User


class AppForm(Form):
    """The code that proves an authenticator app knows its secret."""

    code = forms.CharField(
        label=_("Code from the app"),
        max_length=6,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, user: User, secret: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.secret = user, secret

    def clean_code(self) -> str:
        forget = check_rate_limit(self.user, error_key="rate_limited")
        code: str = self.cleaned_data["code"]
        if not validate_totp_code(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        forget()
        return code


class PasskeyNameForm(Form):
    """What a member calls a passkey."""

    name = forms.CharField(label=_("Name"), max_length=80)


class PasskeyForm(PasskeyNameForm):
    """A new passkey as the browser made it, for the challenge this session was given."""

    credential = forms.JSONField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_credential(self) -> dict[str, Any]:
        return proven_passkey(self.cleaned_data["credential"])


def proven_passkey(credential: dict[str, Any]) -> dict[str, Any]:
    """Return a new passkey that answers the challenge of this session, made by somebody who was there."""
    made = or_refused(lambda: _proven(credential))
    if not made.is_user_verified():
        raise get_adapter().validation_error("incorrect_code")
    return credential


def _proven(credential: Any) -> Any:
    parse_registration_response(credential)
    return complete_registration(credential)


def or_refused(read: Callable[[], Any]) -> Any:
    """Return what the log-in library reads of a passkey; what it stumbles over is a refusal as well."""
    try:
        return read()
    except (
        AttributeError, InvalidSignature, KeyError, TypeError, ValueError, WrongLength
    ) as error:  # fmt: skip
        raise get_adapter().validation_error("incorrect_code") from error


class PasskeyLoginForm(LoginWebAuthnForm):
    """A passkey in place of address and password."""

    def clean_credential(self) -> Authenticator:
        return or_refused(super().clean_credential)


class PasskeyStepForm(AuthenticateWebAuthnForm):
    """A passkey as the second step of a log-in."""

    def clean_credential(self) -> Authenticator:
        return or_refused(super().clean_credential)


class PasskeyAgainForm(ReauthenticateWebAuthnForm):
    """A passkey shown once more, before something dangerous."""

    def clean_credential(self) -> Authenticator:
        return or_refused(super().clean_credential)
