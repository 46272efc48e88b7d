"""Change sets: what one person did to many records in one go."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedJSONField, SealedTextField
from compliance.encryption.records import SealedModel, SealedQuerySet
from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet

# For this long everything can be taken back.
RETENTION = timedelta(days=30)
# A batch takes seconds; after this long without one, the worker is gone.
SILENCE = timedelta(minutes=3)


class ChangeSetQuerySet(SealedQuerySet["ChangeSet"], WorkspaceQuerySet["ChangeSet"]):
    """Reads of change sets; each begins with `visible_to(actor)`."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the sets of everybody, or only the actor's own."""
        if "history.view_others" in actor.permissions:
            return self
        if actor.user_id is not None:
            return self.filter(owner_id=actor.user_id)
        return self.none()


class ChangeSet(SealedModel, WorkspaceModel):
    """What one person did to many records in one go: who, what, how many, and whether it was undone.

    The label and the plan may tell of people, so both are sealed under the workspace's own key.
    """

    class Kind(models.TextChoices):
        EDIT = "edit", _("Edit")
        IMPORT = "import", _("Import")
        DELETE = "delete", _("Delete")
        RESTORE = "restore", _("Restore")
        MERGE = "merge", _("Merge")
        UNDO = "undo", _("Undo")

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    sealed_subject: ClassVar[None] = None
    counted: ClassVar[tuple[str, ...]] = (
        "created", "updated", "deleted", "restored", "unchanged", "refused",
    )  # fmt: skip

    kind = models.CharField(max_length=10, choices=Kind.choices)
    # What exactly was asked for: assign, tag, untag; empty where the kind says it all.
    action = models.CharField(max_length=20, blank=True, default="")
    record_type = models.CharField(max_length=40)
    fields = ArrayField(models.CharField(max_length=60), default=list)
    label = SealedTextField(blank=True, default="", uid="crm.change_set.label")
    plan = SealedJSONField(null=True, uid="crm.change_set.plan")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=150)
    # How many records it is about; known before the last of them is done.
    total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    deleted = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    # How many portions are done; work goes on with the next one.
    cursor = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)
    undoes = models.ForeignKey(
        "self", models.CASCADE, null=True, related_name="undone_in", db_index=False
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False, related_name="+"
    )

    objects = ChangeSetQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["-created_at"], name="change_set_created_at"),
            models.Index(
                fields=["owner"],
                name="change_set_under_way",
                condition=models.Q(state__in=["running", "undoing"]),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.record_type}"

    def get_absolute_url(self) -> str:
        return reverse("change-set", args=[self.pk])

    @property
    def done(self) -> int:
        """How many records have been dealt with."""
        return int(sum(getattr(self, name) for name in self.counted))

    @property
    def has_changed_something(self) -> bool:
        """Return whether there is anything to take back; a merge may leave the one that stays as it was."""
        counts = self.created + self.updated + self.deleted + self.restored
        return counts > 0 or self.kind == self.Kind.MERGE

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.RUNNING, self.State.UNDOING)

    def is_undoable(self, at: datetime) -> bool:
        """Return whether it is finished, did something, is not undone yet and not too long ago."""
        return (
            self.state == self.State.DONE
            and self.has_changed_something
            and self.kind != self.Kind.UNDO
            and at - self.created_at < RETENTION
        )

    def is_silent(self, at: datetime) -> bool:
        """Return whether it should be going on and nobody is working on it any more."""
        return self.is_running and at - self.updated_at > SILENCE


class PortionQuerySet(SealedQuerySet["Portion"], WorkspaceQuerySet["Portion"]):
    """Reads of portions."""


class Portion(SealedModel, WorkspaceModel):
    """Ids of a few hundred records of a change set: what is to be done to them, or what was.

    Work is numbered from one on, and taken in that order; what was noted on the way has no number.
    """

    class Role(models.TextChoices):
        # What was done.
        CREATED = "created", _("Created")
        DELETED = "deleted", _("Deleted")
        RESTORED = "restored", _("Restored")
        # What is to be done.
        CHOSEN = "chosen", _("Chosen")
        REVERT = "revert", _("To be as before")
        DISCARD = "discard", _("To be deleted")
        BRING_BACK = "bring_back", _("To be restored")
        UNMERGE = "unmerge", _("To be taken apart")

    sealed_subject: ClassVar[None] = None

    change_set = models.ForeignKey(ChangeSet, models.CASCADE, related_name="portions")
    role = models.CharField(max_length=10, choices=Role.choices)
    record_type = models.CharField(max_length=40)
    number = models.PositiveIntegerField(default=0)
    # How often these records had to wait for others of the same set.
    attempt = models.PositiveSmallIntegerField(default=0)
    ids = ArrayField(models.UUIDField())
    # Which records were refused, and why.
    refused = SealedJSONField(null=True, uid="crm.change_set.refused")

    objects = PortionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["change_set", "number"],
                condition=models.Q(number__gt=0),
                name="portion_number_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.change_set_id} {self.role} {self.number}"
