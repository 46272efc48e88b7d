"""Who works in a workspace: people with a log-in, and those invited."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.actors import Actor, Reach
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.names import full_name
from tenants.members.models.policies import LoginPolicy
from tenants.members.models.reach import reach_of
from tenants.members.models.roles import Role

INVITATION_LIFETIME = timedelta(days=7)


class UserQuerySet(WorkspaceQuerySet["User"]):
    """Reads of members."""

    def active_people(self) -> Self:
        """Return those who can log in: no programs, and nobody who left."""
        return self.filter(is_active=True, is_service=False)


class UserManager(BaseUserManager["User"]):
    """Finds members for the log-in library; members are made by operations."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(WorkspaceModel, AbstractBaseUser):
    """A member of one workspace: the log-in and its preferences."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("Like the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("E-mail"), unique=True)
    given_name = models.CharField(_("Given name"), max_length=80, blank=True)
    family_name = models.CharField(_("Family name"), max_length=80, blank=True)
    role = models.ForeignKey(Role, models.PROTECT, related_name="members")
    language = models.CharField(_("Language"), max_length=12, default="en")
    time_zone = models.CharField(_("Time zone"), max_length=64, default="UTC")
    theme = models.CharField(_("Theme"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    # The id of the picture that is kept of them, another one for each.
    photo = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    is_sidebar_collapsed = models.BooleanField(default=False)
    has_shortcuts = models.BooleanField(_("Single-key shortcuts"), default=True)
    is_active = models.BooleanField(default=True)
    # A program with a role and teams of its own. It has keys and no log-in, and its address leads nowhere.
    is_service = models.BooleanField(default=False, db_default=False, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager.from_queryset(UserQuerySet)()

    # Known of whoever asks for something: what is demanded of them, and whether they have a second factor.
    policy: LoginPolicy | None = None
    is_protected: bool = False

    named_by = ("email", "given_name", "family_name", "language", "photo")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                violation_error_message=_("Somebody here already has this e-mail address."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name as its script has it, whoever reads it; without one the e-mail address."""
        return full_name(self.given_name.strip(), self.family_name.strip()) or self.email

    @property
    def photo_url(self) -> str:
        """Where their photo is; nowhere without one."""
        return reverse("photo", args=[self.photo]) if self.photo else ""

    @property
    def second_factor_from(self) -> datetime | None:
        """From when they can do nothing without a second factor; None where nothing is open.

        Known of whoever asks for something, and of nobody else.
        """
        if self.policy is None or self.is_protected or self.is_service:
            return None
        return self.policy.second_factor_from(self.joined_at, self.role.second_factor_since)

    def as_actor(self) -> Actor:
        """Return the member as an actor; whom their teams are is asked only where their role needs it."""
        permissions, scopes, fields = self.role.rights()
        return Actor(
            "member",
            self.pk,
            self.name,
            permissions,
            user_id=self.pk,
            scopes=scopes,
            reach=reach_of(self.pk) if scopes else Reach(),
            fields=fields,
        )

    # The log-in library asks these of Django's own user model.
    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class InvitationQuerySet(WorkspaceQuerySet["Invitation"]):
    """Reads of invitations."""

    def waiting(self) -> Self:
        """Return those nobody has used or ended; some may have run out."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> Self:
        """Return those that can still be used."""
        return self.waiting().filter(expires_at__gt=Now())


class Invitation(WorkspaceModel):
    """A way in for one e-mail address, for seven days, once."""

    email = models.EmailField(_("E-mail"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="+")
    # The teams they come into. One that is gone by then is passed over.
    team_ids = ArrayField(models.UUIDField(), default=list, db_default=[], blank=True)
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            ),
        )

    def __str__(self) -> str:
        return self.email

    def is_open(self, at: datetime) -> bool:
        """Return whether it can still be accepted at this time."""
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at


class ConsentRecord(WorkspaceModel):
    """That a member accepted a text, in which version, when."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents")
    document = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    given_at = models.DateTimeField()

    objects = WorkspaceQuerySet["ConsentRecord"].as_manager()

    def __str__(self) -> str:
        return f"{self.document} {self.version}"


class LoginToken(WorkspaceModel):
    """Logs one member in once, within a minute; only the hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    objects = WorkspaceQuerySet["LoginToken"].as_manager()

    def __str__(self) -> str:
        return str(self.expires_at)
