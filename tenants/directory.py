"""Which workspace a host name leads to, remembered for a few seconds in each process."""

import time
from threading import Lock

from django.conf import settings
from django.db import transaction

from core.isolation.scope import Workspace, control_plane
from tenants.models import Domain, Tenant

# How long a deleted or renamed workspace may still be served by a process that knew it.
REMEMBERED_SECONDS = 10.0
_known: dict[str, tuple[float, Workspace]] = {}
_lock = Lock()


def workspace_of_host(host: str) -> Workspace | None:
    """Return the workspace in use at this host name, or None."""
    remembered = _known.get(host)
    if remembered and remembered[0] > time.monotonic():
        return remembered[1]
    workspace = _look_up(host)
    with _lock:
        _known.pop(host, None)
        if workspace:
            _known[host] = (time.monotonic() + REMEMBERED_SECONDS, workspace)
    return workspace


def forget_hosts() -> None:
    """Make this process ask again; others do so within REMEMBERED_SECONDS."""
    with _lock:
        _known.clear()


def _look_up(host: str) -> Workspace | None:
    with control_plane("find the workspace of a host"), transaction.atomic():
        domain = (
            Domain.objects.filter(domain=host, tenant__status=Tenant.Status.ACTIVE)
            .select_related("tenant")
            .first()
        )
        return domain.tenant.as_workspace() if domain else None


def is_public_host(host: str) -> bool:
    return host == settings.BASE_DOMAIN
