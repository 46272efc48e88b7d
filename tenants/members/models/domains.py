"""Domains whose people may join by themselves, and those who asked to."""

from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from tenants.members.models.people import User
from tenants.members.models.roles import Role

JOIN_LIFETIME = timedelta(hours=24)
RECORD = "atrium-verification="


class MailDomainQuerySet(WorkspaceQuerySet["MailDomain"]):
    """Reads of domains."""

    def verified(self) -> Self:
        """Return those that were proven and are still."""
        return self.filter(verified_at__isnull=False)


class MailDomain(WorkspaceModel):
    """A domain of e-mail addresses. Once proven, whoever has an address there may join.

    Several workspaces may prove one domain; each has a secret of its own.
    """

    name = models.CharField(_("Domain"), max_length=253, unique=True)
    secret = models.CharField(max_length=64, editable=False)
    role = models.ForeignKey(Role, models.PROTECT, related_name="+", verbose_name=_("Role"))
    # The teams they come into. One that is gone by then is passed over.
    team_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    # How many times in a row the record was looked for and not there.
    missed = models.PositiveSmallIntegerField(default=0, editable=False)
    lapsed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MailDomainQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def record(self) -> str:
        """The text record that proves the domain."""
        return f"{RECORD}{self.secret}"


class JoinRequest(WorkspaceModel):
    """That somebody asked to join by an address of a proven domain; only the link's hash is kept."""

    domain = models.ForeignKey(MailDomain, models.CASCADE, related_name="requests")
    email = models.EmailField()
    language = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = WorkspaceQuerySet["JoinRequest"].as_manager()

    def __str__(self) -> str:
        return self.email

    def is_open(self, at: datetime) -> bool:
        """Return whether its link still lets somebody in."""
        return at < self.expires_at and self.domain.verified_at is not None
