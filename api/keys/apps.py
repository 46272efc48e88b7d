from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KeysConfig(AppConfig):
    name = "api.keys"
    label = "keys"

    def ready(self) -> None:
        from api.keys import operations  # noqa: F401
        from api.keys.permissions import USE
        from core.settings_pages import SettingsPage, add_settings_page

        add_settings_page(SettingsPage(_("Workspace"), _("API keys"), "key-round", "api-keys", USE))
