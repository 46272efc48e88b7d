from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "crm.transfer"
    label = "transfer"

    def ready(self) -> None:
        from crm.transfer import permissions  # noqa: F401
        from crm.transfer.handlers import listen

        listen()
