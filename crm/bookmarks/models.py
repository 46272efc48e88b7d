"""What a member has starred, follows, or opened lately."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.records.attached import Attached, AttachedQuerySet


class BookmarkQuerySet(AttachedQuerySet["Bookmark"]):
    """Reads of bookmarks; each is one member's own."""


class Bookmark(Attached):
    """A member's star on a record, or their wish to hear of it."""

    class Kind(models.TextChoices):
        STAR = "star", _("Favourite")
        FOLLOW = "follow", _("Following")

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["member", "record_id", "kind"], name="bookmark_once"),
        )
        indexes = (models.Index(fields=["record_id", "kind"], name="bookmark_record"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.record_type} {self.record_id}"


class VisitQuerySet(AttachedQuerySet["Visit"]):
    """Reads of visits; each is one member's own."""


class Visit(Attached):
    """When a member last opened a record."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    opened_at = models.DateTimeField()

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "record_id"], name="visit_once"),)
        indexes = (models.Index(fields=["member", "-opened_at"], name="visit_latest"),)

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}"
