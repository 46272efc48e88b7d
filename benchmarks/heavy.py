"""One heavy piece of work in a process of its own, so that its memory can be told from everybody else's.

Called with what to do (import, bulk, export, fill), the workspace, and a file, format or range;
prints what it took as JSON.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from itertools import batched
from pathlib import Path

from django.db import transaction
from django.utils.timezone import now

from benchmarks.crowd import people
from core.actors import Actor
from core.isolation.scope import bind_workspace, control_plane
from core.memory import settle
from core.records.registry import RecordType, record_type_named
from crm.customers.models.labels import LifecycleStage
from crm.customers.operations.contacts import create_contacts
from crm.history.choosing import Chosen
from crm.history.operations.bulk import begin_bulk
from crm.history.orders import Order
from crm.history.running import carry_on as carry_on_bulk
from crm.transfer.engine.running import carry_on as carry_on_import
from crm.transfer.export.columns import columns_of
from crm.transfer.exporting import ask_for_export, write_export
from crm.transfer.models import Import
from crm.transfer.operations import begin_run, upload
from tenants.members.models import User
from tenants.provisioning.operations import find_tenant

CHUNK = 2**16
FILLED_AT_ONCE = 500


def import_file(actor: Actor, path: str) -> int:
    with transaction.atomic(), Path(path).open("rb") as file:
        chunks = iter(lambda: file.read(CHUNK), b"")
        the_import = upload(chunks, record_type=_contacts(), file_name="people.csv", actor=actor)
        begin_run(the_import, actor=actor)
    carry_on_import(the_import.pk, clock=now)
    with transaction.atomic():
        done = Import.objects.get(pk=the_import.pk)
    if done.state != Import.State.FINISHED or done.refused:
        raise RuntimeError(f"The import ended as {done.state}, {done.refused} rows refused.")
    return done.created


def edit_all(actor: Actor, _argument: str) -> int:
    with transaction.atomic():
        stage = LifecycleStage.objects.get(key="former")
        order = Order("edit", "lifecycle_stage", str(stage.pk))
        the_set = begin_bulk(_contacts(), chosen=Chosen(query=""), order=order, actor=actor)
    carry_on_bulk(the_set.pk)
    with transaction.atomic():
        the_set.refresh_from_db()
    return the_set.total


def export_all(actor: Actor, format_name: str) -> int:
    with transaction.atomic():
        export = ask_for_export(
            _contacts(),
            format_name=format_name,
            columns=columns_of(_contacts(), actor),
            query="",
            actor=actor,
            at=now(),
        )
    write_export(export.pk)
    return export.count


def fill(actor: Actor, argument: str) -> int:
    """Add people of the crowd from one number up to another, as an API's many calls would."""
    first, last = map(int, argument.split("-"))
    for rows in batched(people(first, last), FILLED_AT_ONCE):
        with transaction.atomic():
            create_contacts(
                {
                    number: {
                        "given_name": row["Given name"],
                        "family_name": row["Family name"],
                        "title": row["Job title"],
                        "emails": [{"email": row["E-mail"]}],
                    }
                    for number, row in enumerate(rows)
                },
                actor=actor,
            )
    return last - first


WORK: dict[str, Callable[[Actor, str], int]] = {
    "import": import_file,
    "bulk": edit_all,
    "export": export_all,
    "fill": fill,
}


def _contacts() -> RecordType:
    found = record_type_named("contact")
    if found is None:
        raise LookupError("contact")
    return found


def main() -> None:
    name, slug, argument = sys.argv[1:4]
    settle()  # as a worker does
    with control_plane("find the workspace that is measured"), transaction.atomic():
        workspace = find_tenant(slug).as_workspace()
    with bind_workspace(workspace):
        with transaction.atomic():
            actor = User.objects.select_related("role").order_by("joined_at")[0].as_actor()
        started = time.perf_counter()
        rows = WORK[name](actor, argument)
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak_mb": peak}))
