"""Which records of a workspace are made up, so that they can be taken out again."""

from django.db import models

from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet


class Sample(WorkspaceModel):
    """A record that was added as a sample, and the version it had then.

    Nothing else makes a record a sample: its tag is for people, who may put it on anything.
    """

    record_type = models.CharField(max_length=40)
    record_id = models.UUIDField(unique=True)
    version = models.PositiveIntegerField()

    objects = WorkspaceQuerySet["Sample"].as_manager()

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}"
