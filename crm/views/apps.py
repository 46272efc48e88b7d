from django.apps import AppConfig


class ViewsConfig(AppConfig):
    name = "crm.views"
    label = "views"

    def ready(self) -> None:
        from core.shell import ShellPart, add_shell_part
        from crm.views import permissions  # noqa: F401
        from crm.views.reading import ASKED, PINNED, VIEWS, pinned_places

        add_shell_part(PINNED, ShellPart(VIEWS, pinned_places, times=ASKED))
