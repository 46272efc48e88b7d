"""Keys with which programs act for a member."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet

# Written at most this often: a row changed by every request would be the busiest of the workspace.
USE_NOTED_EVERY = timedelta(minutes=5)


class ApiKeyQuerySet(WorkspaceQuerySet["ApiKey"]):
    """Reads of API keys."""

    def visible_to(self, actor: Actor) -> Self:
        """The keys this actor made; all of them for whoever manages keys."""
        if "keys.manage_keys" in actor.permissions:
            return self
        return self.filter(user_id=actor.user_id)

    def usable(self, *, at: datetime) -> Self:
        """Keys that are neither revoked nor expired, of members who may still log in."""
        still = Q(expires_at=None) | Q(expires_at__gt=at)
        return self.filter(still, revoked_at=None, user__is_active=True)


class ApiKey(WorkspaceModel):
    """A secret that stands for a member. Only its hash is kept; the secret is shown once."""

    name = models.CharField(_("Name"), max_length=80)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    secret_hash = models.CharField(max_length=64, unique=True)
    # The last characters, so that people can tell their keys apart.
    hint = models.CharField(max_length=4)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("Expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def is_usable(self, at: datetime) -> bool:
        """Return whether the key still opens the door at this time."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    def needs_noting(self, at: datetime) -> bool:
        """Return whether the last noted use is long enough ago to note this one."""
        return self.last_used_at is None or at - self.last_used_at >= USE_NOTED_EVERY

    def as_actor(self) -> Actor:
        """Return the actor the key stands for: its member's rights, under the key's name."""
        return replace(self.user.as_actor(), kind="api_key", id=self.pk, label=self.name)
