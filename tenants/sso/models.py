"""The providers members of a workspace sign in through, and what those say of whom."""

from typing import Any, Self
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.field_rights import FieldRights
from core.isolation.rows import WorkspaceModel, WorkspaceQuerySet
from core.isolation.scope import current_workspace
from tenants.members.models import Role, Team, User
from tenants.members.models.roles import Rights, rights_of

MOST_DOMAINS, MOST_CERTIFICATES = 50, 10


class ConnectionQuerySet(WorkspaceQuerySet["Connection"]):
    """Reads of connections."""

    def offered(self) -> Self:
        """Return those that people may sign in through, as the log-in page lists them."""
        return self.filter(is_on=True).order_by("name", "pk")


class Connection(WorkspaceModel):
    """A provider that says who somebody is. Its addresses and secrets hold in this workspace alone."""

    class Protocol(models.TextChoices):
        OIDC = "oidc", _("OpenID Connect")
        SAML = "saml", _("SAML 2.0")

    class Reach(models.IntegerChoices):
        """Who may come in through it: nobody with more rights than whoever set it up."""

        LIMITED = 0, _("Members with no more rights than whoever set it up")
        ADMINS = 1, _("Everybody but owners")
        OWNERS = 2, _("Everybody")

    protocol = models.CharField(max_length=8, choices=Protocol.choices, editable=False)
    name = models.CharField(_("Name"), max_length=80)
    is_on = models.BooleanField(default=False, editable=False)
    reach = models.PositiveSmallIntegerField(choices=Reach.choices, editable=False)
    # What whoever set it up might do, as roles state it, where their reach is limited.
    grants = ArrayField(
        models.CharField(max_length=100),
        default=list,
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=100))),
        blank=True,
        editable=False,
    )
    field_rights = ArrayField(
        models.CharField(max_length=100),
        default=list,
        db_default=Value([], output_field=ArrayField(models.CharField(max_length=100))),
        blank=True,
        editable=False,
    )
    # When a whole sign-in last worked with what is set up now.
    tested_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    # Who says it: the issuer of tokens, or the entity id of assertions.
    issuer = models.CharField(_("Issuer"), max_length=500)
    client_id = models.CharField(_("Client ID"), max_length=500, blank=True)
    # Sealed under the workspace's key; see sealing.py.
    sealed_secret = models.BinaryField(default=bytes, blank=True, editable=False)
    # What the issuer's own description told: where to send people, and where to ask.
    endpoints = models.JSONField(default=dict, blank=True, editable=False)
    metadata_url = models.CharField(_("Metadata address"), max_length=500, blank=True)
    certificates = ArrayField(
        models.TextField(), default=list, blank=True, editable=False, size=MOST_CERTIFICATES
    )
    is_unasked_allowed = models.BooleanField(_("People may start at the provider"), default=False)

    makes_members = models.BooleanField(_("Make members of people who are new"), default=False)
    trusted_domains = ArrayField(
        models.CharField(max_length=253),
        verbose_name=_("Domains the provider answers for"),
        default=list,
        blank=True,
        size=MOST_DOMAINS,
    )
    has_second_factor = models.BooleanField(
        _("The provider asks for a second factor"), default=False
    )
    email_claim = models.CharField(_("E-mail"), max_length=200, blank=True)
    given_name_claim = models.CharField(_("Given name"), max_length=200, blank=True)
    family_name_claim = models.CharField(_("Family name"), max_length=200, blank=True)
    groups_claim = models.CharField(_("Groups"), max_length=200, blank=True)
    # Empty refuses those whom no rule gives a role.
    default_role = models.ForeignKey(
        Role,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Role without a matching group"),
    )

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["name"],
                name="sso_connection_name_once",
                violation_error_message=_("There is a connection of this name already."),
            ),
        )

    def __str__(self) -> str:
        return self.name

    def vouches_for(self, role: Role) -> bool:
        """Return whether people may come in with this role: nobody outdoes whoever set it up."""
        if self.reach == self.Reach.OWNERS:
            return True
        if role.key == Role.Key.OWNER:
            return False
        return self.reach == self.Reach.ADMINS or self.limits().covers(role.rights())

    def limits(self) -> Rights:
        """Return the rights nobody who comes in may exceed, where the reach is limited."""
        return rights_of(self.grants)._replace(fields=FieldRights.read(self.field_rights))

    @property
    def is_oidc(self) -> bool:
        return self.protocol == self.Protocol.OIDC

    @property
    def provider_id(self) -> str:
        """How the log-in library tells the sign-ins of this connection from others'."""
        return f"sso:{self.pk}"

    @property
    def host(self) -> str:
        """The provider's host, for people."""
        return urlsplit(self.metadata_url or self.issuer).hostname or self.issuer

    def address(self, name: str, *args: Any) -> str:
        """Return one of our own addresses for this connection, as the provider knows it."""
        return current_workspace().url + reverse(f"sso:{name}", args=[self.pk, *args])

    @property
    def callback_url(self) -> str:
        return self.address("callback")

    @property
    def acs_url(self) -> str:
        return self.address("acs")

    @property
    def entity_id(self) -> str:
        return self.address("metadata")


class GroupRule(WorkspaceModel):
    """What a group of the provider's is here: a role, a team, or both. The first role that fits counts."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="rules")
    value = models.CharField(_("Group at the provider"), max_length=300)
    role = models.ForeignKey(
        Role, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("Role")
    )
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("Which team")
    )

    objects = WorkspaceQuerySet["GroupRule"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["connection", "value", "role", "team"],
                nulls_distinct=False,
                name="sso_group_rule_once",
                violation_error_message=_("There is such a rule already."),
            ),
            models.CheckConstraint(
                condition=Q(role__isnull=False) | Q(team__isnull=False),
                name="sso_group_rule_gives",
                violation_error_message=_("Choose a role or a team."),
            ),
        )

    def __str__(self) -> str:
        return self.value


class Identity(WorkspaceModel):
    """Who a member is to a provider, in the provider's own word that never changes."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="identities")
    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    subject = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField()

    objects = WorkspaceQuerySet["Identity"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["connection", "subject"], name="sso_identity_once"),
        )

    def __str__(self) -> str:
        return str(self.created_at)


class SignInRule(WorkspaceModel):
    """The one row that says whether members sign in through a connection only."""

    is_the_one = models.BooleanField(default=True, unique=True, editable=False)
    is_enforced = models.BooleanField(default=False)

    objects = WorkspaceQuerySet["SignInRule"].as_manager()

    def __str__(self) -> str:
        return str(_("Single sign-on"))


class Assertion(WorkspaceModel):
    """A signed answer that arrived, until its time is over: it counts once, in the browser that asked."""

    connection = models.ForeignKey(Connection, models.CASCADE, related_name="assertions")
    # Of the assertion's own id, so that it is taken once.
    assertion_hash = models.CharField(max_length=64)
    ticket_hash = models.CharField(max_length=64, unique=True)
    # The question it answers; empty when nobody asked.
    in_response_to = models.CharField(max_length=200, blank=True)
    # Sealed under the workspace's key: nobody knows yet whom it is about. Empty once it was taken.
    sealed_said = models.BinaryField(default=bytes, blank=True, editable=False)
    arrived_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    objects = WorkspaceQuerySet["Assertion"].as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["connection", "assertion_hash"], name="sso_assertion_once"
            ),
        )

    def __str__(self) -> str:
        return str(self.arrived_at)
