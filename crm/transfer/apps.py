from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TransferConfig(AppConfig):
    name = "crm.transfer"
    label = "transfer"

    def ready(self) -> None:
        from core.settings_pages import SettingsPage, add_settings_page
        from core.shell import ShellPart, add_shell_part
        from crm.transfer.handlers import listen
        from crm.transfer.permissions import may_import
        from crm.transfer.under_way import UNDER_WAY, shown_imports

        listen()
        add_shell_part("imports_under_way", ShellPart(UNDER_WAY, shown_imports))
        add_settings_page(
            SettingsPage(
                _("Workspace"),
                _("Import history"),
                "upload",
                "transfer:imports",
                shown_to=may_import,
            )
        )
