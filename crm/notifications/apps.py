from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "crm.notifications"
    label = "notifications"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from core.settings_pages import SettingsPage, add_settings_page
        from core.shell import ShellPart, add_shell_part
        from crm.history.following import Follower, follows
        from crm.notifications import jobs  # noqa: F401
        from crm.notifications.handlers import listen
        from crm.notifications.models import Notification
        from crm.notifications.reading import UNREAD, shown_count

        add_shell_part("unread", ShellPart(UNREAD, shown_count))
        follows(Follower(Notification))
        listen()
        add_settings_page(
            SettingsPage(
                _("Personal"), _("Notifications"), icon="bell", url_name="notifications:preferences"
            )
        )
