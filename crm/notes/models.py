"""Notes."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedTextField
from compliance.encryption.indexes import WordIndexField
from compliance.encryption.records import SealedModel, SealedQuerySet
from core.records.attached import Attached, AttachedQuerySet

RETENTION = timedelta(days=30)
LONGEST = 50_000


class NoteQuerySet(SealedQuerySet["Note"], AttachedQuerySet["Note"]):
    """Reads of notes; those in the trash are left out unless they are asked for."""

    def present(self) -> "NoteQuerySet":
        return self.filter(deleted_at=None)


class Note(SealedModel, Attached):
    """What somebody wrote down about a record, sealed under the record's own key."""

    html = SealedTextField(_("Note"), max_length=LONGEST, uid="crm.note.html")
    # The words alone: what searches look at and lists show.
    text = SealedTextField(blank=True, default="", uid="crm.note.text")
    words = WordIndexField(sources=("text",))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    author_label = models.CharField(max_length=150, editable=False)
    mentions = ArrayField(models.UUIDField(), default=list, editable=False)
    is_pinned = models.BooleanField(_("Pinned"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["record_id", "-created_at"], name="note_record"),
            GinIndex(fields=["words"], name="note_words"),
        )

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}"
