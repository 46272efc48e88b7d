"""The platform's address book: which workspaces there are, and under which addresses."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from core.ids import new_id
from core.isolation.scope import Workspace


class TenantQuerySet(models.QuerySet["Tenant"]):
    def spare(self) -> Self:
        """Schemas made ahead, waiting for a company."""
        return self.filter(status=Tenant.Status.SPARE)

    def in_use(self) -> Self:
        return self.filter(status=Tenant.Status.ACTIVE)


class Tenant(TenantMixin):
    """One company on the platform. Its schema's name is not its address, so the address may change."""

    class Status(models.TextChoices):
        SPARE = "spare", _("Spare")
        ACTIVE = "active", _("Active")
        DELETED = "deleted", _("Deleted")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(_("Company"), max_length=120, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SPARE)
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    country = models.CharField(max_length=2, default="US")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantQuerySet.as_manager()

    # Schemas are made by provisioning, never as a side effect of a save.
    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="tenant_schema_is_numbered",
                condition=models.Q(schema_name__regex=r"^t_[0-9]+$"),
            ),
        )

    def __str__(self) -> str:
        return self.name or self.schema_name

    def as_workspace(self) -> Workspace:
        """Return what code inside the workspace may know of it; asks for the primary domain."""
        slug = self.domains.get(is_primary=True).slug if self.status == self.Status.ACTIVE else ""
        return Workspace(
            id=self.pk,
            schema=self.schema_name,
            slug=slug,
            name=self.name,
            language=self.language,
            time_zone=self.time_zone,
            currency=self.currency,
            country=self.country,
            url=workspace_url(slug),
        )


def workspace_url(slug: str) -> str:
    """Return the address people type for a workspace, from our own settings, never from a request."""
    return f"{settings.SCHEME}://{slug}.{settings.BASE_DOMAIN}{settings.ADDRESS_SUFFIX}"


class Domain(DomainMixin):
    """A host name of a workspace; one of them is primary and used in links."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_primary=True), name="domain_one_primary"
            ),
        )

    @property
    def slug(self) -> str:
        return self.domain.removesuffix(f".{settings.BASE_DOMAIN}")


class FormerAddress(models.Model):
    """An address given up lately; nobody else may take it for 90 days."""

    slug = models.CharField(max_length=30, primary_key=True)
    freed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.slug


class MemberAddress(models.Model):
    """Which workspaces an e-mail address can log in to, as a keyed hash: for "find my workspaces"."""

    tenant = models.ForeignKey(Tenant, models.CASCADE, related_name="+")
    email_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["email_hash", "tenant"], name="member_address_once"),
        )

    def __str__(self) -> str:
        return str(self.tenant_id)


class TemplateSnapshot(models.Model):
    """The template schema as SQL, replayed for every new workspace."""

    statements = models.TextField()
    made_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"


class PlannedMigration(models.Model):
    """What a migration of the workspaces is in plain SQL, written down when the template ran it.

    No statements: it runs Python, and each workspace executes it for itself.
    """

    app = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    statements = models.TextField(blank=True)
    is_sql = models.BooleanField()
    is_atomic = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["app", "name"], name="planned_migration_once"),
        )

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"


class FailedTries(models.Model):
    """How often one network address has lately failed to log in, at whichever workspaces."""

    address_hash = models.CharField(max_length=64, primary_key=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M}"
