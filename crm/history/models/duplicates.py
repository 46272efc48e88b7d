"""Records that may be there twice, and whoever looked for them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.records.registry import RecordType


class DuplicateQuerySet(WorkspaceQuerySet["Duplicate"]):
    """Reads of duplicates."""

    def seen_by(self, actor: Actor, record_type: RecordType) -> Self:
        """Return the pairs of this type both of whose records this actor may see.

        What two records have in common may be what the actor may not see of either.
        """
        if actor.fields.of_type(record_type.name):
            return self.none()
        rows = record_type.model._default_manager
        visible = rows.visible_to(actor).order_by().values("pk")  # type: ignore[attr-defined]
        pairs = self.filter(record_type=record_type.name)
        return pairs.filter(first_id__in=visible, second_id__in=visible)

    def waiting(self) -> Self:
        return self.filter(dismissed_at=None)


class Duplicate(WorkspaceModel):
    """Two records that may be one. Whoever dismisses the pair does so for good."""

    record_type = models.CharField(max_length=40)
    first_id = models.UUIDField()
    second_id = models.UUIDField()
    reason = models.CharField(max_length=20)
    score = models.PositiveSmallIntegerField()
    seen_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False, related_name="+"
    )

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=["record_type", "-score", "id"],
                name="duplicate_waiting",
                condition=Q(dismissed_at=None),
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=["first_id", "second_id"], name="duplicate_once"),
        )

    def __str__(self) -> str:
        return f"{self.record_type} {self.first_id} {self.second_id}"


class DuplicateSearch(WorkspaceModel):
    """One look at all records of a type."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")

    record_type = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    found = models.PositiveIntegerField(default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = WorkspaceQuerySet["DuplicateSearch"].as_manager()

    class Meta:
        indexes = (models.Index(fields=["record_type", "-started_at"], name="duplicate_search"),)

    def __str__(self) -> str:
        return f"{self.record_type} {self.state}"
