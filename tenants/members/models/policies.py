"""What a workspace demands of those who log in."""

from datetime import datetime, timedelta
from ipaddress import ip_network

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.networks import lets_in

IDLE_MINUTES = (15, 30, 60, 4 * 60, 8 * 60, 24 * 60, 7 * 24 * 60, 14 * 24 * 60)
LASTING_HOURS = (8, 12, 24, 7 * 24, 30 * 24, 90 * 24)
SHORTEST_PASSWORD, LONGEST_MINIMUM = 12, 64
MOST_NETWORKS = 50


def check_network(value: str) -> None:
    """Refuse what is not an address or a range of addresses."""
    try:
        ip_network(value)
    except ValueError as error:
        raise ValidationError(
            _("“%(value)s” is not an address or a range such as 203.0.113.0/24."),
            params={"value": value},
        ) from error


class LoginPolicyQuerySet(WorkspaceQuerySet["LoginPolicy"]):
    """Reads of the policy."""

    def current(self) -> "LoginPolicy":
        """Return what holds now; what nobody has changed is as we ship it."""
        return self.first() or LoginPolicy()

    def held(self) -> "LoginPolicy":
        """Return the one row, held until the transaction ends."""
        self.get_or_create(is_the_one=True)
        return self.select_for_update().get()


class LoginPolicy(WorkspaceModel):
    """The one row of a workspace that says how its members log in."""

    is_the_one = models.BooleanField(default=True, unique=True, editable=False)
    # Since when everybody needs a second factor; the grace period begins then.
    second_factor_since = models.DateTimeField(null=True, blank=True, editable=False)
    grace_days = models.PositiveSmallIntegerField(
        _("Days to set it up"), default=14, validators=[MaxValueValidator(90)]
    )
    networks = ArrayField(
        models.CharField(max_length=43, validators=[check_network]),
        verbose_name=_("Allowed addresses"),
        default=list,
        blank=True,
        size=MOST_NETWORKS,
    )
    idle_minutes = models.PositiveIntegerField(
        default=IDLE_MINUTES[-1],
        validators=[MinValueValidator(IDLE_MINUTES[0]), MaxValueValidator(IDLE_MINUTES[-1])],
    )
    lasting_hours = models.PositiveIntegerField(
        default=LASTING_HOURS[-1],
        validators=[MinValueValidator(LASTING_HOURS[0]), MaxValueValidator(LASTING_HOURS[-1])],
    )
    password_length = models.PositiveSmallIntegerField(
        _("Shortest password"),
        default=SHORTEST_PASSWORD,
        validators=[MinValueValidator(SHORTEST_PASSWORD), MaxValueValidator(LONGEST_MINIMUM)],
    )

    objects = LoginPolicyQuerySet.as_manager()

    def __str__(self) -> str:
        return str(_("Sign-in policy"))

    @property
    def needs_second_factor(self) -> bool:
        """Whether everybody must have one, whatever their role says."""
        return self.second_factor_since is not None

    @property
    def idle(self) -> timedelta:
        return timedelta(minutes=self.idle_minutes)

    @property
    def lasting(self) -> timedelta:
        return timedelta(hours=self.lasting_hours)

    @property
    def grace(self) -> timedelta:
        return timedelta(days=self.grace_days)

    def lets_in(self, address: str) -> bool:
        """Return whether members may come from this address."""
        return lets_in(self.networks, address)

    def second_factor_from(self, joined: datetime, role_since: datetime | None) -> datetime | None:
        """Return from when a member of a role must have a second factor; None for never.

        `role_since` is when their role began to need one.
        """
        since = [each for each in (self.second_factor_since, role_since) if each is not None]
        return max(min(since), joined) + self.grace if since else None
