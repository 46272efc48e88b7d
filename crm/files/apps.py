from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "crm.files"
    label = "files"

    def ready(self) -> None:
        from crm.files import jobs, permissions  # noqa: F401
        from crm.files.models import Attachment
        from crm.files.operations import destroy_files, reseal_files
        from crm.files.words import count_files
        from crm.history.following import Follower, follows

        follows(
            Follower(Attachment, moved=reseal_files, destroy=destroy_files, counted=count_files)
        )
