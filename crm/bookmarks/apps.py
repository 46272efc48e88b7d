from django.apps import AppConfig


class BookmarksConfig(AppConfig):
    name = "crm.bookmarks"
    label = "bookmarks"

    def ready(self) -> None:
        from core.shell import ShellPart, add_shell_part
        from crm.bookmarks import jobs  # noqa: F401
        from crm.bookmarks.models import Bookmark, Visit
        from crm.bookmarks.reading import STARRED, shown_favourites
        from crm.history.following import Follower, follows

        follows(Follower(Bookmark, once_per=("member_id", "kind")))
        follows(Follower(Visit, once_per=("member_id",)))
        add_shell_part("favourites", ShellPart(STARRED, shown_favourites))
