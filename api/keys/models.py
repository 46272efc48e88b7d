"""Keys with which programs act for a member or a service account."""

from dataclasses import replace
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from api.keys.grants import MOST, opens, rights_within
from core.actors import Actor
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.last_use import needs_noting
from core.networks import lets_in
from tenants.members.giving import rights_of_actor
from tenants.members.models.policies import check_network
from tenants.members.models.reach import reach_of
from tenants.members.permissions import MANAGE_SERVICE_ACCOUNTS

MOST_NETWORKS = 20


class ApiKeyQuerySet(WorkspaceQuerySet["ApiKey"]):
    """Reads of API keys."""

    def visible_to(self, actor: Actor) -> Self:
        """The actor's own keys; those of service accounts, or all, for whoever manages them."""
        if "keys.manage_keys" in actor.permissions:
            return self
        own = Q(user_id=actor.user_id)
        if MANAGE_SERVICE_ACCOUNTS in actor.permissions:
            own |= Q(user__is_service=True)
        return self.filter(own)

    def usable(self, *, at: datetime) -> Self:
        """Keys that are neither revoked nor expired, of holders who may still work here."""
        still = Q(expires_at=None) | Q(expires_at__gt=at)
        return self.filter(still, revoked_at=None, user__is_active=True)


class ApiKey(WorkspaceModel):
    """A secret that stands for its holder. Only its hash is kept; the secret is shown once."""

    name = models.CharField(_("Name"), max_length=80)
    # The holder: a member, or a service account.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    secret_hash = models.CharField(max_length=64, unique=True)
    # The last characters, so that people can tell their keys apart.
    hint = models.CharField(max_length=4)
    # What it is limited to; without any, it may do whatever its holder may.
    grants = ArrayField(models.CharField(max_length=100), null=True, blank=True, size=MOST)
    # From where it works; without any, from wherever its holder may come.
    networks = ArrayField(
        models.CharField(max_length=43, validators=[check_network]),
        verbose_name=_("Allowed addresses"),
        default=list,
        db_default=[],
        blank=True,
        size=MOST_NETWORKS,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(_("Expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    # The key that takes its place; both work until this one expires.
    successor = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="predecessor"
    )

    objects = ApiKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def is_usable(self, at: datetime) -> bool:
        """Return whether the key still opens the door at this time."""
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)

    def lets_in(self, address: str) -> bool:
        """Return whether the key works from this address."""
        return lets_in(self.networks, address)

    def opens(self, group: str, how: str) -> bool:
        """Return whether it lets into this part of the product, to read or to write there."""
        return self.grants is None or opens(self.grants, group, how)

    def needs_noting(self, at: datetime) -> bool:
        """Return whether the last noted use is long enough ago to note this one."""
        return needs_noting(self.last_used_at, at)

    def as_actor(self) -> Actor:
        """Return the actor the key stands for: its holder's rights as far as its grants go, under its name."""
        holder = replace(self.user.as_actor(), kind="api_key", id=self.pk, label=self.name)
        if self.grants is None:
            return holder
        rights = rights_within(rights_of_actor(holder), self.grants)
        # A holder over all records was not asked for their teams; a key that is not needs them.
        is_known = bool(holder.scopes) or not rights.scopes
        reach = holder.reach if is_known else reach_of(self.user_id)
        return replace(holder, permissions=rights.permissions, scopes=rights.scopes, reach=reach)
