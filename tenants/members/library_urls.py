"""The log-in library's pages at addresses of ours, or asking for more; it knows them by these names."""

from allauth.account import views as account
from allauth.mfa.base import views as codes
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from tenants.members.recent_login import recent_login_required

urlpatterns = [
    path("email/", recent_login_required(account.email), name="account_email"),
    # A first password opens everything else that asks for one.
    path("password/set/", recent_login_required(account.password_set), name="account_set_password"),
    path("login/two-step/", codes.authenticate, name="mfa_authenticate"),
    path("login/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("reauthenticate/code/", codes.reauthenticate, name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
]
