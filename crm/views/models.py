"""Saved views and who has pinned them."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedTextField
from compliance.encryption.records import SealedModel, SealedQuerySet
from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet

LONGEST_QUERY = 8_000


class SavedViewQuerySet(SealedQuerySet["SavedView"], WorkspaceQuerySet["SavedView"]):
    """Reads of saved views; each begins with `visible_to(actor)`."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the actor's own views and those everybody has."""
        return self.filter(Q(is_shared=True) | Q(owner_id=actor.user_id))


class SavedView(SealedModel, WorkspaceModel):
    """A list as somebody set it up.

    Its name and what it filters by may tell of people, so both are sealed under the workspace's
    own key.
    """

    sealed_subject: ClassVar[None] = None

    record_type = models.CharField(max_length=40)
    name = SealedTextField(_("Name"), max_length=80, uid="crm.view.name")
    query = SealedTextField(blank=True, default="", max_length=LONGEST_QUERY, uid="crm.view.query")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    is_shared = models.BooleanField(_("Shared"), default=False)
    is_default = models.BooleanField(_("Opens first"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["record_type"],
                condition=Q(is_default=True),
                name="saved_view_one_default",
                violation_error_message=_("Lists open with one view."),
            ),
            models.CheckConstraint(
                name="saved_view_default_is_shared",
                condition=Q(is_default=False) | Q(is_shared=True),
                violation_error_message=_("Share the view before lists open with it."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Pin(WorkspaceModel):
    """A view among a member's favourites."""

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="pins")
    position = models.PositiveIntegerField(default=0)

    objects = WorkspaceQuerySet["Pin"].as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "view"], name="pin_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} {self.view_id}"
