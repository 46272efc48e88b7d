from django.apps import AppConfig


class KeysConfig(AppConfig):
    name = "api.keys"
    label = "keys"

    def ready(self) -> None:
        from api.keys import permissions  # noqa: F401
