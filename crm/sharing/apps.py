from django.apps import AppConfig


class SharingConfig(AppConfig):
    """What was shared follows its record into another one, and out of existence."""

    name = "crm.sharing"
    label = "sharing"

    def ready(self) -> None:
        from crm.history.following import Follower, follows
        from tenants.members.models import RecordShare

        follows(Follower(RecordShare, once_per=("user_id", "team_id")))
