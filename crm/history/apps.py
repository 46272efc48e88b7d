from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    name = "crm.history"
    label = "history"

    def ready(self) -> None:
        from core.settings_pages import SettingsPage, add_settings_page
        from core.shell import ShellPart, add_shell_part
        from crm.history import (  # noqa: F401
            duplicate_jobs,
            handing_over,
            jobs,
            key_jobs,
            permissions,
        )
        from crm.history.pages.under_way import UNDER_WAY, shown_work

        add_shell_part("work_under_way", ShellPart(UNDER_WAY, shown_work))

        group = _("Workspace")
        for page in (
            SettingsPage(group, _("History"), icon="history", url_name="history"),
            SettingsPage(group, _("Duplicates"), icon="copy", url_name="duplicates-start"),
            SettingsPage(group, _("Trash"), icon="trash-2", url_name="trash-start"),
        ):
            add_settings_page(page)
