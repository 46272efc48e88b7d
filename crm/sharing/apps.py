from django.apps import AppConfig


class SharingConfig(AppConfig):
    """What was shared follows its record out of existence, and into another one that may be shared."""

    name = "crm.sharing"
    label = "sharing"

    def ready(self) -> None:
        from crm.history.following import Follower, follows
        from tenants.members.models import RecordShare

        follows(Follower(RecordShare, once_per=("user_id", "team_id"), needs="share"))
