"""The log-in library's forms, in the words of the product."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from django.utils.translation import gettext_lazy as _

from tenants.members.passwords import password_help

LABELS = {
    "login": _("E-mail"),
    "email": _("E-mail"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("New password again"),
}


class _Plain:
    """A form whose labels are not said a second time inside the fields."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        for name in LABELS.keys() & self.fields.keys():
            self.fields[name].label = LABELS[name]


class _NewPassword(_Plain):
    """A form for a new password, which says how long it must be in this workspace."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = password_help()


class PlainLoginForm(_Plain, LoginForm):
    """Address and password; the page leads on to those who forgot it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class CodeRequestForm(_Plain, RequestLoginCodeForm):
    """The address a code to log in with is mailed to."""


class ForgottenForm(_Plain, ResetPasswordForm):
    """The address of somebody who forgot the password."""


class AgainForm(_Plain, ReauthenticateForm):
    """The password once more, before something important."""


class PasswordChangeForm(_NewPassword, ChangePasswordForm):
    """A new password in place of the one a member knows."""


class NewPasswordForm(_NewPassword, ResetPasswordKeyForm):
    """A new password in place of a forgotten one."""


class FirstPasswordForm(_NewPassword, SetPasswordForm):
    """A password for a member who has none yet."""
