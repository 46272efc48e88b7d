from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "crm.history"
    label = "history"

    def ready(self) -> None:
        from crm.history import duplicate_jobs, jobs, key_jobs, permissions  # noqa: F401
