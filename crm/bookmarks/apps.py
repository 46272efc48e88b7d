from django.apps import AppConfig


class BookmarksConfig(AppConfig):
    name = "crm.bookmarks"
    label = "bookmarks"

    def ready(self) -> None:
        from crm.bookmarks import jobs  # noqa: F401
