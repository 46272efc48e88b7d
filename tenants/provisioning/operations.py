"""Everything that can be done to a workspace as a whole: open, refill spares, delete."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from core.errors import OperationError
from core.isolation.cache import forget_workspace
from core.isolation.scope import Workspace, bind_workspace, control_plane
from tenants.addresses import normalise, refuse_taken, refuse_unsuitable
from tenants.currencies import currency_of
from tenants.directory import forget_hosts
from tenants.members.operations.joining import Agreement, create_owner
from tenants.models import Domain, FormerAddress, Tenant
from tenants.provisioning.files import remove_files
from tenants.provisioning.schemas import create_spare, drop
from tenants.provisioning.snapshot import dump_workspace


class UnknownWorkspace(OperationError):
    code = "unknown_workspace"
    message = _("There is no workspace at this address.")
    status = 404


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """What a company says of itself when it starts a workspace."""

    slug: str
    name: str
    email: str
    language: str
    time_zone: str
    country: str
    agreement: Agreement | None = None


def open_workspace(
    wanted: NewWorkspace, *, password: str = "", password_hash: str = ""
) -> Workspace:
    """Give a company a spare workspace, its address and its first admin, all or nothing.

    ValidationError names what is wrong with the wish. With no spare left, one is made first.
    """
    slug = normalise(wanted.slug)
    refuse_unsuitable(slug)
    if not _has_spare():
        create_spare()
    with control_plane("open a workspace"), transaction.atomic():
        refuse_taken(slug, at=now())
        workspace = _claim_spare(wanted, slug).as_workspace()
        with bind_workspace(workspace):
            create_owner(
                email=wanted.email,
                password_hash=password_hash or make_password(password),
                language=wanted.language,
                time_zone=wanted.time_zone,
                agreement=wanted.agreement,
            )
    forget_hosts()
    return workspace


def _has_spare() -> bool:
    with control_plane("look for a spare workspace"), transaction.atomic():
        return Tenant.objects.spare().exists()


def _claim_spare(wanted: NewWorkspace, slug: str) -> Tenant:
    tenant = (
        Tenant.objects.spare().select_for_update(skip_locked=True).order_by("created_at").first()
    )
    if tenant is None:
        raise NoSpareWorkspace
    tenant.name = wanted.name
    tenant.status = Tenant.Status.ACTIVE
    tenant.language = wanted.language
    tenant.time_zone = wanted.time_zone
    tenant.country = wanted.country
    tenant.currency = currency_of(wanted.country)
    tenant.full_clean(validate_unique=False)
    tenant.save()
    _take_address(tenant, slug)
    return tenant


class NoSpareWorkspace(OperationError):
    code = "no_spare_workspace"
    message = _("Workspaces are being prepared. Try again in a few seconds.")
    status = 503


def _take_address(tenant: Tenant, slug: str) -> None:
    FormerAddress.objects.filter(slug=slug).delete()
    try:
        with transaction.atomic():
            Domain.objects.create(
                tenant=tenant, domain=f"{slug}.{settings.BASE_DOMAIN}", is_primary=True
            )
    except IntegrityError as error:
        # Somebody took it between the check and now.
        raise ValidationError({"slug": _("This address is taken.")}, code="taken") from error


def refill_spares() -> int:
    """Make spare workspaces up to SPARE_WORKSPACES and return how many were made."""
    made = 0
    while _count_spares() < settings.SPARE_WORKSPACES:
        create_spare()
        made += 1
    return made


def _count_spares() -> int:
    with control_plane("count the spare workspaces"), transaction.atomic():
        return Tenant.objects.spare().count()


def find_tenant(slug: str) -> Tenant:
    """Return the workspace's row by its address; UnknownWorkspace when there is none."""
    with control_plane("find a workspace by its address"), transaction.atomic():
        tenant = Tenant.objects.in_use().filter(domains__domain=f"{slug}.{settings.BASE_DOMAIN}")
        found = tenant.first()
    if found is None:
        raise UnknownWorkspace
    return found


def delete_workspace(tenant: Tenant) -> Path:
    """Write a dump, then remove schema, role, keys, files, cache and address; return the dump's path.

    The address stays in quarantine, so that nobody can pose as the company.
    """
    path = dump_workspace(tenant.schema_name, f"{tenant.schema_name}-{now():%Y%m%dT%H%M%S}")
    with control_plane("free the addresses of a deleted workspace"), transaction.atomic():
        for domain in Domain.objects.filter(tenant=tenant):
            FormerAddress.objects.update_or_create(slug=domain.slug, defaults={"freed_at": now()})
    drop(tenant)
    remove_files(tenant.schema_name)
    forget_workspace(tenant.schema_name)
    connections["owner"].close()
    forget_hosts()
    return path
