from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    name = "crm.history"
    label = "history"

    def ready(self) -> None:
        from core.settings_pages import SettingsPage, add_settings_page
        from crm.history import duplicate_jobs, jobs, key_jobs, permissions  # noqa: F401

        group = _("Records")
        for page in (
            SettingsPage(group, _("History"), icon="history", url_name="history"),
            SettingsPage(group, _("Duplicates"), icon="copy", url_name="duplicates-start"),
            SettingsPage(group, _("Trash"), icon="trash-2", url_name="trash-start"),
        ):
            add_settings_page(page)
