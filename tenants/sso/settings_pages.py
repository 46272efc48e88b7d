"""Single sign-on in the menu of the settings."""

from django.utils.translation import gettext_lazy as _

from core.settings_pages import SettingsPage
from tenants.members.permissions import CHANGE_SECURITY

PAGE = SettingsPage(
    _("Workspace"),
    _("Single sign-on"),
    icon="log-in",
    url_name="sso:connections",
    permission=CHANGE_SECURITY,
)
