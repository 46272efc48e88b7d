from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "crm.files"
    label = "files"

    def ready(self) -> None:
        from crm.files import jobs, permissions  # noqa: F401
