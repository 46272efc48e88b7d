"""Notifications."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet

RETENTION = timedelta(days=90)


class NotificationQuerySet(WorkspaceQuerySet["Notification"]):
    """Reads of notifications; each is one member's own."""

    def unread(self) -> "NotificationQuerySet":
        return self.filter(read_at=None)


class Notification(WorkspaceModel):
    """Something a member wants to know of. It names what happened where, and quotes nothing."""

    class Kind(models.TextChoices):
        MENTION = "mention", _("mentioned you in a note")
        NOTE = "note", _("wrote a note")
        FILE = "file", _("added a file")
        CHANGE = "change", _("made changes")
        ASSIGNED = "assigned", _("made you the owner")
        IMPORT = "import", _("Your import is finished")
        EXPORT = "export", _("Your export is ready")
        BULK = "bulk", _("Your changes are made")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # What it is about: a record by type and id, or a page of the product.
    record_type = models.CharField(max_length=40, blank=True)
    record_id = models.UUIDField(null=True)
    path = models.CharField(max_length=200, blank=True)
    actor_label = models.CharField(max_length=150, blank=True)
    event_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["member", "-created_at"], name="notification_member"),
            models.Index(fields=["member"], name="notification_unread", condition=Q(read_at=None)),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["member", "event_id"],
                condition=~Q(event_id=None),
                name="notification_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.member_id}"
