"""Files kept with records, and the versions each has had."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedTextField
from compliance.encryption.records import SealedModel, SealedQuerySet
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.records.attached import Attached, AttachedQuerySet

RETENTION = timedelta(days=30)
LONGEST_NAME = 200


class AttachmentQuerySet(SealedQuerySet["Attachment"], AttachedQuerySet["Attachment"]):
    """Reads of files; those in the trash are left out unless they are asked for."""

    def present(self) -> "AttachmentQuerySet":
        return self.filter(deleted_at=None)


class Attachment(SealedModel, Attached):
    """A file on a record. Its name is sealed like its content; the newest version counts."""

    name = SealedTextField(_("Name"), max_length=LONGEST_NAME, uid="crm.attachment.name")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["record_id", "-updated_at"], name="attachment_record"),)

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}"


class FileVersion(WorkspaceModel):
    """One content a file has had, kept sealed in the store under this row's id."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("Version"))
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(_("Size"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    author_label = models.CharField(max_length=150, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet["FileVersion"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["attachment", "number"], name="file_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.attachment_id} {self.number}"

    @property
    def subject(self) -> UUID:
        """Whose key seals the content: the record's."""
        return self.attachment.record_id
