"""Teams, and records shared with them or with single members."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.actors import Share
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from tenants.members.models.people import User


class Team(WorkspaceModel):
    """People who work together. Teams may lie under others, and somebody may manage them."""

    name = models.CharField(_("Name"), max_length=80)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("Part of"),
    )
    manager = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="managed_teams",
        verbose_name=_("Manager"),
    )
    members: Any = models.ManyToManyField(User, through="TeamMembership", related_name="teams")

    objects = WorkspaceQuerySet["Team"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                Lower("name"),
                name="team_name_once",
                violation_error_message=_("There is a team of this name already."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class TeamMembership(WorkspaceModel):
    """That somebody belongs to a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")

    objects = WorkspaceQuerySet["TeamMembership"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["team", "user"], name="team_membership_once"),
        )

    def __str__(self) -> str:
        return f"{self.team_id} {self.user_id}"


class RecordShare(WorkspaceModel):
    """That one record was shared with a member or a team, who would not reach it otherwise."""

    class Level(models.TextChoices):
        VIEW = Share.VIEW, _("May see")
        CHANGE = Share.CHANGE, _("May change")

    record_type = models.CharField(max_length=40, editable=False)
    record_id = models.UUIDField(editable=False)
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="record_shares"
    )
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="record_shares"
    )
    level = models.CharField(max_length=8, choices=Level.choices, default=Level.VIEW)
    shared_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet["RecordShare"].as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(user=None, team__isnull=False) | Q(user__isnull=False, team=None),
                name="record_share_with_one",
            ),
            models.UniqueConstraint(
                fields=["record_id", "user", "team"],
                nulls_distinct=False,
                name="record_share_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}"
