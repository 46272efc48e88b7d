"""Notifications."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from crm.notifications.kinds import Mail

RETENTION = timedelta(days=90)


class NotificationQuerySet(WorkspaceQuerySet["Notification"]):
    """Reads of notifications; each is one member's own."""

    def unread(self) -> "NotificationQuerySet":
        return self.shown().filter(read_at=None)

    def shown(self) -> "NotificationQuerySet":
        """Leave out what its member wants to know by mail alone."""
        return self.filter(is_shown=True)


class Notification(WorkspaceModel):
    """Something a member wants to know of. It names what happened where, and quotes nothing."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    is_shown = models.BooleanField(default=True, db_default=True)
    # When it is still to be mailed: at once, once a day, or not at all.
    mail = models.CharField(max_length=8, blank=True, default="", db_default="")
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
            models.Index(fields=["member"], name="notification_to_mail", condition=~Q(mail="")),
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


class NotificationPreference(WorkspaceModel):
    """How a member wants to be told of one kind; without a row, as the kind is declared."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    is_shown = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, choices=Mail.choices, blank=True, default=Mail.OFF)

    objects = WorkspaceQuerySet["NotificationPreference"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["member", "kind"], name="notification_preference_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.member_id}"
