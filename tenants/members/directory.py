"""Which workspaces an e-mail address can log in to: known to the platform as keyed hashes alone."""

from uuid import UUID

from django.utils.crypto import salted_hmac

from tenants.models import MemberAddress, Tenant


def email_hash(email: str) -> bytes:
    """Return the same 32 bytes for every spelling of an address, useless without SECRET_KEY."""
    folded = email.strip().casefold()
    return salted_hmac("tenants.member-address", folded, algorithm="sha256").digest()


def remember_member(tenant_id: UUID, email: str) -> None:
    """Note that this address can log in there. Control plane only."""
    MemberAddress.objects.get_or_create(tenant_id=tenant_id, email_hash=email_hash(email))


def forget_member(tenant_id: UUID, email: str) -> None:
    """Note that this address cannot log in there any more. Control plane only."""
    MemberAddress.objects.filter(tenant_id=tenant_id, email_hash=email_hash(email)).delete()


def workspaces_of(email: str) -> list[Tenant]:
    """Return the workspaces this address can log in to, oldest first. Control plane only."""
    tenants = MemberAddress.objects.filter(email_hash=email_hash(email)).values("tenant_id")
    return list(Tenant.objects.in_use().filter(pk__in=tenants).order_by("created_at", "pk"))
