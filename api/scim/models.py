"""What a provider that provisions members opens the door with, and by which names it knows them."""

from dataclasses import replace
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.last_use import needs_noting
from core.permissions import all_permissions, for_owners
from tenants.members.models import Role, Team, User


class ScimToken(WorkspaceModel):
    """A secret that lets a provider change members and teams. Only its hash is kept."""

    secret_hash = models.CharField(max_length=64, unique=True)
    # The last characters, so that people can tell an old token from a new one.
    hint = models.CharField(max_length=4)
    # Made by an owner, it reaches owners too.
    reaches_owners = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Set once a newer one is made: both work for a while.
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = WorkspaceQuerySet["ScimToken"].as_manager()

    def __str__(self) -> str:
        return f"…{self.hint}"

    def is_usable(self, at: datetime) -> bool:
        """Return whether it still opens the door at this time."""
        return self.expires_at is None or at < self.expires_at

    def needs_noting(self, at: datetime) -> bool:
        """Return whether the last noted use is long enough ago to note this one."""
        return needs_noting(self.last_used_at, at)

    def as_actor(self) -> Actor:
        """Return the actor it stands for: everything whoever made it may do, in nobody's name."""
        allowed = all_permissions() if self.reaches_owners else all_permissions() - for_owners()
        return replace(Actor.system("SCIM", *allowed), id=self.pk)


class ScimSettings(WorkspaceModel):
    """The one row that says what becomes of members a provider makes and takes away."""

    is_the_one = models.BooleanField(default=True, unique=True, editable=False)
    # Empty means the owner.
    successor = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Records of those who leave go to"),
    )
    # Empty means that of a viewer.
    default_role = models.ForeignKey(
        Role,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Role of new members"),
    )

    objects = WorkspaceQuerySet["ScimSettings"].as_manager()

    def __str__(self) -> str:
        return str(_("Provisioning"))


class ScimMember(WorkspaceModel):
    """By which names the provider knows a member."""

    user = models.OneToOneField(User, models.CASCADE, related_name="scim")
    external_id = models.CharField(max_length=255, blank=True)
    # Where it is another than the address they sign in with.
    user_name = models.CharField(max_length=255, blank=True)
    # The provider has deleted them and may make them again; to it they are gone.
    is_deleted = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = WorkspaceQuerySet["ScimMember"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                Lower("user_name"), condition=~Q(user_name=""), name="scim_user_name_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.created_at)


class ScimTeam(WorkspaceModel):
    """By which name the provider knows a team, and which role its members have."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="scim")
    external_id = models.CharField(max_length=255, blank=True)
    role = models.ForeignKey(Role, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet["ScimTeam"].as_manager()

    def __str__(self) -> str:
        return str(self.created_at)
