from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KeysConfig(AppConfig):
    name = "api.keys"
    label = "keys"

    def ready(self) -> None:
        from api.keys import operations  # noqa: F401
        from api.keys.permissions import ADD_KEY
        from core.settings_pages import SettingsPage, add_settings_page
        from tenants.members.permissions import MANAGE_SERVICE_ACCOUNTS

        workspace = _("Workspace")
        add_settings_page(SettingsPage(workspace, _("API keys"), "key-round", "api-keys", ADD_KEY))
        add_settings_page(
            SettingsPage(
                workspace,
                _("Service accounts"),
                icon="bot",
                url_name="service-accounts",
                permission=MANAGE_SERVICE_ACCOUNTS,
            )
        )
