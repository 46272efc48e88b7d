"""Saved views and who has pinned them."""

from typing import ClassVar, Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from compliance.encryption.fields import SealedTextField
from compliance.encryption.records import SealedModel, SealedQuerySet
from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from tenants.members.models import Team, TeamMembership

LONGEST_QUERY = 8_000


class SavedViewQuerySet(SealedQuerySet["SavedView"], WorkspaceQuerySet["SavedView"]):
    """Reads of saved views; each begins with `visible_to(actor)`."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the actor's own views, those everybody has, and those shared with them or a team of theirs."""
        mine = ViewShare.objects.filter(view=OuterRef("pk")).of(actor.user_id)
        return self.filter(Q(is_shared=True) | Q(owner_id=actor.user_id) | Q(Exists(mine)))


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


class ViewShareQuerySet(WorkspaceQuerySet["ViewShare"]):
    """Reads of what views are shared with."""

    def of(self, member: UUID | None) -> Self:
        """Return what reaches this member: by name, or by a team they belong to or manage."""
        belongs = TeamMembership.objects.filter(user_id=member).values("team_id")
        manages = Team.objects.filter(manager_id=member).values("pk")
        by_team = Q(team_id__in=belongs) | Q(team_id__in=manages)
        return self.none() if member is None else self.filter(Q(user_id=member) | by_team)


class ViewShare(WorkspaceModel):
    """That a view is shared with one member or one team."""

    view = models.ForeignKey(SavedView, models.CASCADE, related_name="shares")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ViewShareQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="view_share_with_one",
                condition=Q(user=None) ^ Q(team=None),
                violation_error_message=_("Share with one member or one team."),
            ),
            models.UniqueConstraint(
                fields=["view", "user"], condition=~Q(user=None), name="view_share_user_once"
            ),
            models.UniqueConstraint(
                fields=["view", "team"], condition=~Q(team=None), name="view_share_team_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.view_id} {self.user_id or self.team_id}"


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
