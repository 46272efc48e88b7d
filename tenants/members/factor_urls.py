"""Addresses where a second factor or a passkey is asked for; the log-in library knows their names."""

from allauth.mfa.base import views as codes
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

urlpatterns = [
    path("login/two-step/", codes.authenticate, name="mfa_authenticate"),
    path("login/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("reauthenticate/code/", codes.reauthenticate, name="mfa_reauthenticate"),
    path(
        "reauthenticate/passkey/",
        passkeys.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
]
