"""The pages of the settings about members, one's own and everybody's."""

from django.utils.translation import gettext_lazy as _

from core.settings_pages import SettingsPage
from tenants.members.permissions import (
    CHANGE_SECURITY,
    MANAGE_MEMBERS,
    MANAGE_ROLES,
    MANAGE_TEAMS,
)

OWN, WORKSPACE = _("Personal"), _("Workspace")
PAGES = (
    SettingsPage(OWN, _("Profile"), icon="circle-user", url_name="members:profile"),
    SettingsPage(OWN, _("E-mail address"), icon="mail", url_name="account_email"),
    SettingsPage(OWN, _("Password"), icon="lock", url_name="account_change_password"),
    SettingsPage(OWN, _("Two-step verification"), icon="shield-check", url_name="members:two-step"),
    SettingsPage(OWN, _("Sessions"), icon="monitor", url_name="members:sessions"),
    SettingsPage(
        WORKSPACE,
        _("Members"),
        icon="users",
        url_name="members:members",
        permission=MANAGE_MEMBERS,
    ),
    SettingsPage(
        WORKSPACE,
        _("Roles"),
        icon="user-cog",
        url_name="members:roles",
        permission=MANAGE_ROLES,
    ),
    SettingsPage(
        WORKSPACE,
        _("Teams"),
        icon="network",
        url_name="members:teams",
        permission=MANAGE_TEAMS,
    ),
    SettingsPage(
        WORKSPACE,
        _("E-mail domains"),
        icon="at-sign",
        url_name="members:domains",
        permission=MANAGE_MEMBERS,
    ),
    SettingsPage(
        WORKSPACE,
        _("Sign-in and security"),
        icon="shield",
        url_name="members:security",
        permission=CHANGE_SECURITY,
    ),
)
