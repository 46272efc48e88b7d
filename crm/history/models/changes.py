"""Single changes: what a record said before and after, sealed under its own key."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from compliance.encryption.fields import SealedJSONField
from compliance.encryption.records import SealedModel, SealedQuerySet
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from crm.history.models.change_sets import ChangeSet


class ChangeQuerySet(SealedQuerySet["Change"], WorkspaceQuerySet["Change"]):
    """Reads of changes."""


class Change(SealedModel, WorkspaceModel):
    """One change of one record, in the words its operations take: `changes=before` takes it back."""

    change_set = models.ForeignKey(
        ChangeSet, models.CASCADE, null=True, related_name="changes", db_index=False
    )
    record_type = models.CharField(max_length=40)
    record_id = models.UUIDField()
    # The record's version once this was done to it.
    version = models.PositiveIntegerField()
    fields = ArrayField(models.CharField(max_length=60))
    before = SealedJSONField(uid="crm.change.before")
    after = SealedJSONField(uid="crm.change.after")
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)
    # Whose key seals the values, where it is not the record's own: a merge passes them on.
    subject_id = models.UUIDField(null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["record_id", "version"], name="change_record"),
            models.Index(
                fields=["change_set", "id"],
                name="change_set_changes",
                condition=models.Q(change_set__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id} {self.version}"

    @property
    def sealed_subject(self) -> UUID:
        """Whose key seals the values."""
        return self.subject_id or self.record_id
