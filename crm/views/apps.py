from django.apps import AppConfig


class ViewsConfig(AppConfig):
    name = "crm.views"
    label = "views"

    def ready(self) -> None:
        from core.shell import add_shell_part
        from crm.views import permissions  # noqa: F401
        from crm.views.reading import pinned_places

        add_shell_part("pinned_views", pinned_places)
