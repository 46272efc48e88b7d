"""Where members are logged in, and which browsers they have used."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.last_use import NOTED_EVERY, needs_noting
from tenants.members.models.people import User
from tenants.members.models.policies import LoginPolicy

AGENT_LENGTH = 400


class SessionQuerySet(WorkspaceQuerySet["Session"]):
    """Reads of sessions."""

    def running(self, member: Any, *, at: datetime) -> Self:
        """Return where a member is logged in, the one used last first."""
        found = self.filter(user_id=member, expire_date__gt=at)
        return found.order_by(models.F("last_seen_at").desc(nulls_last=True), "pk")


class Session(WorkspaceModel):
    """One browser's session; before log-in it is nobody's. The first three are what Django asks for."""

    session_key = models.CharField(max_length=40, unique=True, editable=False)
    session_data = models.TextField(editable=False)
    expire_date = models.DateTimeField(db_index=True, editable=False)
    user = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="sessions", editable=False
    )
    # That whoever logged its member in has asked for their second factor.
    has_second_factor = models.BooleanField(default=False, db_default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Empty until the first answer of a log-in is on its way.
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    user_agent = models.CharField(max_length=AGENT_LENGTH, blank=True, editable=False)
    ip = models.GenericIPAddressField(null=True, blank=True, editable=False)

    objects = SessionQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.created_at)

    def is_over(self, policy: LoginPolicy, at: datetime) -> bool:
        """Return whether the workspace lets it go on no longer: unused, or in use, for too long."""
        if self.user_id is None:
            return False
        used = max(self.created_at, self.last_seen_at or self.created_at)
        # What is noted may be as old as that; nobody is signed out early.
        return at - used >= policy.idle + NOTED_EVERY or at - self.created_at >= policy.lasting

    def needs_noting(self, at: datetime) -> bool:
        """Return whether the last noted use is long enough ago to note this one."""
        return needs_noting(self.last_seen_at, at)


class KnownBrowser(WorkspaceModel):
    """A browser a member has logged in with; it keeps a secret of which we keep the hash."""

    user = models.ForeignKey(User, models.CASCADE, related_name="known_browsers")
    secret_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet["KnownBrowser"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "secret_hash"], name="known_browser_once"),
        )

    def __str__(self) -> str:
        return str(self.created_at)
