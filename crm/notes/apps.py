from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "crm.notes"
    label = "notes"

    def ready(self) -> None:
        from crm.notes import jobs, permissions, search  # noqa: F401
