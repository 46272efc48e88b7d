"""Imports: which file is on its way in, how far it is, and what was said about its rows."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedJSONField, SealedTextField
from compliance.encryption.records import SealedModel, SealedQuerySet
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.records.models import Record, RecordQuerySet

RETENTION = timedelta(days=30)
# A batch takes seconds; after this long without one, the worker is gone.
SILENCE = timedelta(minutes=3)


class ImportQuerySet(SealedQuerySet["Import"], RecordQuerySet["Import"]):
    """Reads of imports."""


class ImportNoteQuerySet(SealedQuerySet["ImportNote"], WorkspaceQuerySet["ImportNote"]):
    """Reads of notes."""


class Import(SealedModel, Record):
    """One file on its way in, its owner being who brought it.

    What the file is called and how its columns are named may tell of people, so both are sealed
    under the workspace's own key, like the rows of its notes.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Columns to match")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Ready to import")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Stopped")

    sealed_subject: ClassVar[None] = None
    under_way: ClassVar[frozenset[str]] = frozenset({"checking", "running"})

    record_type = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    file_name = SealedTextField(max_length=200, uid="crm.import.file_name")
    mapping = SealedJSONField(uid="crm.import.mapping")
    problem = SealedTextField(blank=True, default="", uid="crm.import.problem")
    delimiter = models.CharField(max_length=1)
    size = models.PositiveIntegerField(default=0)
    match = models.CharField(max_length=40)
    creates_linked = models.BooleanField(default=True)
    total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    corrected = models.PositiveIntegerField(default=0)
    linked = models.PositiveIntegerField(default=0)
    # Where the work goes on: the last row that is done in this round over the file.
    round = models.PositiveSmallIntegerField(default=1)
    cursor = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["-created_at"], name="import_created_at"),)

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("transfer:import", args=[self.pk])

    @property
    def done(self) -> int:
        return self.created + self.updated + self.unchanged + self.refused

    @property
    def is_under_way(self) -> bool:
        return self.state in self.under_way

    def is_silent(self, at: datetime) -> bool:
        """Return whether it should be going on and nobody is working on it any more."""
        return self.is_under_way and at - self.updated_at > SILENCE

    def forget_counts(self) -> None:
        """Begin counting again, from the first row."""
        for name in ("created", "updated", "unchanged", "refused", "corrected", "linked", "cursor"):
            setattr(self, name, 0)
        self.round = 1


class ImportNote(SealedModel, WorkspaceModel):
    """What one batch has to tell about its rows: refused, corrected, and samples of the rest."""

    sealed_subject: ClassVar[None] = None

    owner_import = models.ForeignKey(Import, models.CASCADE, related_name="notes")
    round = models.PositiveSmallIntegerField()
    cursor = models.PositiveIntegerField()
    # Numbers of rows that wait for a record which another row of the file makes.
    waiting = ArrayField(models.PositiveIntegerField(), default=list)
    told = SealedJSONField(uid="crm.import.note", default=dict)

    objects = ImportNoteQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["owner_import", "round", "cursor"], name="import_note_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.owner_import_id} {self.round} {self.cursor}"
