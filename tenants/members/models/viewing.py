"""Who looked at the workspace as whom."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from tenants.members.models.people import User

VIEWING_LASTS = timedelta(minutes=30)


class Viewing(WorkspaceModel):
    """That a member looked at the workspace as another one, from when to when; kept as a record of it."""

    viewer = models.ForeignKey(User, models.PROTECT, related_name="+")
    member = models.ForeignKey(User, models.PROTECT, related_name="viewings")
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceQuerySet["Viewing"].as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(name="viewing_somebody_else", condition=~Q(viewer=F("member"))),
        )

    def __str__(self) -> str:
        return f"{self.viewer_id} {self.member_id}"

    def is_open(self, at: datetime) -> bool:
        return self.ended_at is None and at < self.until
