"""The measurements in their order: small workspace count first, because growth cannot be undone."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from benchmarks.isolation import measure_isolation
from benchmarks.measuring import Row, once_ms
from benchmarks.people import DATABASE as LIMIT
from benchmarks.people import Databases
from benchmarks.requests import measure_requests, measure_rights
from benchmarks.scale import Asked, Done, ask_everything, fill_up, heavy_work, import_crowd
from benchmarks.sealing import measure_sealed_list, measure_sealing
from benchmarks.workspaces import grow, measure_migrations, measure_provisioning
from config import embedded
from core.isolation.scope import Workspace, bind_workspace
from crm.customers.models.contacts import Contact
from crm.home.samples.customers import fill_with_customers, owners_of_customers
from tenants.provisioning.operations import NewWorkspace, open_workspace, refill_spares
from tenants.provisioning.platform import prepare_platform

SUPERUSER, OURS = "postgres", "atrium"
FEW = 5


def run(*, companies: int, workspaces: int) -> list[Row]:
    """Return every row of the table."""
    prepare_platform()
    refill_spares()
    workspace = open_workspace(
        NewWorkspace("bench", "Bench", "bench@bench.test", "en", "UTC", "GB"),
        password_hash="unusable",  # noqa: S106
    )
    rows = [_filling(workspace, companies)]
    rows += [
        Row(figure.name, figure.value, unit=figure.unit, allowed_value=figure.limit)
        for figure in [*measure_sealing(workspace), *measure_sealed_list(workspace)]
    ]
    owner = settings.DATABASE_URLS.owner
    rows += measure_isolation(workspace, owner)
    rows += measure_requests(workspace, _databases())
    rows += measure_rights(workspace, _databases())
    rows += measure_provisioning(owner, among=5)
    rows += measure_provisioning(owner, among=workspaces)
    rows += measure_migrations(owner)
    connections.close_all()
    return rows


def run_at_scale(
    home: Path, contacts: Sequence[int], *, workspaces: int
) -> tuple[list[Asked], list[Done], list[Row]]:
    """Return what is asked most and what is heavy, at each of these numbers of contacts in turn.

    What rights cost comes last, because it hands the contacts to others.
    """
    prepare_platform()
    refill_spares()
    workspace = open_workspace(
        NewWorkspace("bench", "Bench", "bench@bench.test", "en", "UTC", "GB"),
        password_hash="unusable",  # noqa: S106
    )
    first, *further = sorted(contacts)
    done = [import_crowd(workspace, home, count=first)]
    grow(FEW)
    asked = ask_everything(workspace, workspaces=FEW)
    done += heavy_work(workspace)
    grow(workspaces)
    asked += ask_everything(workspace, workspaces=workspaces)
    have = first
    for more in further:
        fill_up(workspace, first=have, last=more)
        asked, have = [*asked, *ask_everything(workspace, workspaces=workspaces)], more
    rights = measure_rights(workspace, _databases())
    connections.close_all()
    return asked, done, rights


def _databases() -> Databases:
    names = (SUPERUSER, LIMIT, OURS)
    return Databases(*(embedded.url(SUPERUSER, name) for name in names))


def _filling(workspace: Workspace, companies: int) -> Row:
    with bind_workspace(workspace):
        with transaction.atomic():
            owners = owners_of_customers()
        taken = once_ms(
            lambda: fill_with_customers(companies=companies, owners=owners, language="en")
        )
        with transaction.atomic():
            count = companies + Contact.objects.count()
    return Row(
        "records written in bulk, sealed, indexed, evented", count / taken * 1000, unit="rows/s"
    )
