from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "crm.notes"
    label = "notes"

    def ready(self) -> None:
        from crm.history.following import Follower, follows
        from crm.notes import jobs, permissions, search  # noqa: F401
        from crm.notes.models import Note
        from crm.notes.words import count_notes

        follows(Follower(Note, counted=count_notes))
