from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScimConfig(AppConfig):
    name = "api.scim"
    label = "scim"

    def ready(self) -> None:
        from api.scim.operations.roles import roles_of_teams
        from core.settings_pages import SettingsPage, add_settings_page
        from tenants.members.giving import gives_roles
        from tenants.members.permissions import CHANGE_SECURITY

        gives_roles(roles_of_teams)
        add_settings_page(
            SettingsPage(
                _("Workspace"),
                _("Provisioning"),
                icon="users-round",
                url_name="scim-settings",
                permission=CHANGE_SECURITY,
            )
        )
