"""The log of what happened in a workspace."""

from django.db import models

from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet


class Event(WorkspaceModel):
    """Something that happened to a record. Timeline, webhooks, automation and search all read this.

    The payload names fields and ids; it never holds a personal value.
    """

    name = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=150)
    payload = models.JSONField(default=dict)
    occurred_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet["Event"].as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["subject_id", "-occurred_at"], name="event_subject"),
            models.Index(fields=["-occurred_at"], name="event_occurred_at"),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.subject_id}"
