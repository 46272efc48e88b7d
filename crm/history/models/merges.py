"""Merged records: where they went, and what they were."""

from uuid import UUID

from django.db import models

from compliance.encryption.fields import SealedJSONField
from compliance.encryption.records import SealedModel, SealedQuerySet
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from crm.history.models.change_sets import ChangeSet


class MergedRecordQuerySet(SealedQuerySet["MergedRecord"], WorkspaceQuerySet["MergedRecord"]):
    """Reads of merged records."""


class MergedRecord(SealedModel, WorkspaceModel):
    """A record that became part of another one; its id is the old one, so that old links lead on.

    What it was is sealed under the key of the record it became part of: its own key is destroyed.
    """

    record_type = models.CharField(max_length=40)
    survivor_id = models.UUIDField()
    # None once the time for taking it back is over: the link stays, what it was does not.
    change_set = models.ForeignKey(
        ChangeSet, models.SET_NULL, null=True, related_name="merged_records"
    )
    snapshot = SealedJSONField(null=True, uid="crm.merged_record.snapshot")
    merged_at = models.DateTimeField(auto_now_add=True)

    objects = MergedRecordQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["survivor_id"], name="merged_record_survivor"),)

    def __str__(self) -> str:
        return f"{self.record_type} {self.pk}"

    @property
    def sealed_subject(self) -> UUID:
        """Whose key seals the snapshot: the survivor's."""
        return self.survivor_id
