"""Imports: which file is on its way in, how far it is, and what was said about its rows."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedJSONField, SealedTextField
from compliance.encryption.indexes import ExactIndexField
from compliance.encryption.records import SealedModel, SealedQuerySet
from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.records.models import Record, RecordQuerySet
from crm.transfer.options import LawfulBasis

RETENTION = timedelta(days=30)
# A batch takes seconds; after this long without one, the worker is gone.
SILENCE = timedelta(minutes=3)
COUNTED = ("created", "updated", "unchanged", "skipped", "refused", "corrected", "linked")


class ImportQuerySet(SealedQuerySet["Import"], RecordQuerySet["Import"]):
    """Reads of imports."""

    def seen_by(self, actor: Actor) -> Self:
        """Return the imports this actor may know of: everybody's, or only those they brought.

        To a key these are the ones it brought itself. What an import holds, its owner alone sees.
        """
        if "history.view_others" in actor.permissions:
            return self
        own = self.filter(owner_id=actor.user_id) if actor.user_id else self.none()
        return own.filter(key_id=actor.id) if actor.kind == "api_key" else own


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
    layout = SealedJSONField(uid="crm.import.layout", null=True)
    options = SealedJSONField(uid="crm.import.options", null=True)
    # What somebody corrected or skipped while checking, by row: its cells now, and how it was refused.
    edits = SealedJSONField(uid="crm.import.edits", null=True)
    # Which fields of known records stay as they are, by the row that says something else.
    kept = models.JSONField(null=True)
    # Decimal signs that the file's columns of numbers prove, by place: rows checked again are read so too.
    signs = models.JSONField(default=dict)
    problem = SealedTextField(blank=True, default="", uid="crm.import.problem")
    # Whether it stopped because whoever began it left, or lost the right or the key to go on.
    rights_ended = models.BooleanField(default=False, db_default=False)
    size = models.PositiveBigIntegerField(default=0)
    # Why the workspace may hold what the file tells of people; kept as long as the import.
    lawful_basis = models.CharField(max_length=24, choices=LawfulBasis.choices, blank=True)
    change_set_id = models.UUIDField(null=True)
    # The API key it was begun with, which may do less than its owner.
    key_id = models.UUIDField(null=True)
    total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
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
        return self.created + self.updated + self.unchanged + self.skipped + self.refused

    @property
    def is_under_way(self) -> bool:
        return self.state in self.under_way

    def is_of(self, actor: Actor) -> bool:
        """Return whether this actor brought it; a member brought what their keys brought as well."""
        is_own = actor.user_id is not None and self.owner_id == actor.user_id
        return is_own and (actor.kind != "api_key" or self.key_id == actor.id)

    def is_silent(self, at: datetime) -> bool:
        """Return whether it should be going on and nobody is working on it any more."""
        return self.is_under_way and at - self.updated_at > SILENCE

    def forget_counts(self) -> None:
        """Begin counting again, from the first row."""
        for name in (*COUNTED, "cursor"):
            setattr(self, name, 0)
        self.round = 1


class ExportQuerySet(SealedQuerySet["Export"], WorkspaceQuerySet["Export"]):
    """Reads of exports; nobody sees another person's."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the exports this person asked for; to a key, those that it asked for itself."""
        own = self.filter(owner_id=actor.user_id) if actor.user_id else self.none()
        return own.filter(key_id=actor.id) if actor.kind == "api_key" else own


class Export(SealedModel, WorkspaceModel):
    """One file on its way out. What was asked for may name people, so it is sealed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being written")
        READY = "ready", _("Ready")
        FETCHED = "fetched", _("Fetched")
        FAILED = "failed", _("Stopped")

    sealed_subject: ClassVar[None] = None

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # The API key it was asked for with, which may do less than its owner.
    key_id = models.UUIDField(null=True)
    record_type = models.CharField(max_length=40)
    format = models.CharField(max_length=10)
    columns = ArrayField(models.CharField(max_length=40))
    query = SealedTextField(blank=True, default="", uid="crm.export.query")
    language = models.CharField(max_length=12, default="en")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    count = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    # What of these records its owner might see when it was written: the file holds no less.
    rights = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    objects = ExportQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["expires_at"], name="export_expires_at"),)

    def __str__(self) -> str:
        return f"{self.record_type}.{self.format}"

    def is_open(self, at: datetime) -> bool:
        """Return whether the file can still be fetched; it can be once."""
        return self.state == self.State.READY and at < self.expires_at


class SavedMappingQuerySet(SealedQuerySet["SavedMapping"], WorkspaceQuerySet["SavedMapping"]):
    """Reads of saved mappings."""


class SavedMapping(SealedModel, WorkspaceModel):
    """A mapping with a name: files with the same columns are mapped like this again."""

    sealed_subject: ClassVar[None] = None

    record_type = models.CharField(max_length=40)
    name = models.CharField(_("Name"), max_length=80)
    columns = SealedTextField(uid="crm.saved_mapping.columns")
    columns_index = ExactIndexField(source="columns", normalise="text")
    mapping = SealedJSONField(uid="crm.saved_mapping.mapping")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedMappingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["record_type", "name"],
                name="saved_mapping_name_once",
                violation_error_message=_("There is a mapping of this name already."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class ImportNote(SealedModel, WorkspaceModel):
    """What one batch has to tell about its rows: refused, corrected, and samples of the rest."""

    sealed_subject: ClassVar[None] = None

    owner_import = models.ForeignKey(Import, models.CASCADE, related_name="notes")
    round = models.PositiveSmallIntegerField()
    cursor = models.PositiveIntegerField()
    # Numbers of rows that wait for a record which another row of the file makes.
    waiting = ArrayField(models.PositiveIntegerField(), default=list)
    told = SealedJSONField(uid="crm.import.note", default=dict)
    # How much it tells of each kind, so that a page of it is found without opening every note.
    counts = models.JSONField(default=dict)

    objects = ImportNoteQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["owner_import", "round", "cursor"], name="import_note_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.owner_import_id} {self.round} {self.cursor}"

    def tell(self, told: dict[str, list[Any]]) -> None:
        """Have the note say this, kind by kind, instead of what it said."""
        self.told = told
        self.counts = {kind: len(entries) for kind, entries in told.items() if entries}
