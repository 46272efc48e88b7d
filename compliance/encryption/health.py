"""Whether this process can open what is sealed: asked by the readiness check and at start-up."""

from uuid import UUID

from django.db import transaction

from compliance.encryption.vault.keys import unreadable_tenants
from core.isolation.scope import control_plane
from tenants.models import Tenant


def unreadable_workspaces() -> list[UUID]:
    """Return the workspaces whose sealed data could not be opened; KeyUnavailable without a vault.

    An empty vault, an older one or another key folder than the right one all show here.
    """
    with control_plane("compare the workspaces with their keys"), transaction.atomic():
        expected = list(Tenant.objects.in_use().values_list("pk", flat=True))
    return unreadable_tenants(expected)
