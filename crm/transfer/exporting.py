"""Everything that can be done to an export: ask for it, write it, fetch it once, forget it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from urllib.parse import parse_qs
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from core.access import authorize, can
from core.acting import key_of
from core.actors import Actor
from core.errors import OperationError
from core.events.bus import emit
from core.ids import is_id
from core.records.narrowing import seen_as
from core.records.ordering import chosen_order
from core.records.registry import RecordType, record_type_named
from core.records.selecting import selection_of
from crm.transfer import files
from crm.transfer.acting import owner_again
from crm.transfer.export.batches import exported_rows
from crm.transfer.export.columns import Columns
from crm.transfer.export.rights import covers, rights_to_export
from crm.transfer.export.writers import FORMATS
from crm.transfer.models import Export

LIFE = timedelta(hours=72)
# So many rows, about a second's work, are written while whoever asked waits; more behind the answer.
AT_ONCE = 5_000
State = Export.State


class ExportGone(OperationError):
    """The file was fetched, or its time is over."""

    code = "export_gone"
    message = _("This export is not there any more. Export again.")
    status = 410


class UnknownFormat(OperationError):
    """There is no such kind of file for these records."""

    code = "unknown_format"
    message = _("These records cannot be exported in this format.")
    status = 422


class RightsNarrowed(OperationError):
    """The file holds more than whoever asked for it may export by now."""

    code = "export_rights_narrowed"
    message = _("You may see less now than when this export was made. Export again.")
    status = 403


def chosen_rows(record_type: RecordType, query: str, actor: Actor) -> QuerySet[Any]:
    """Return the rows a list's address stands for, or the ones selected in it."""
    params = MultiValueDict(parse_qs(query, keep_blank_values=True))
    selected: Any = selection_of(record_type, params, actor)
    rows: QuerySet[Any] = selected.within(actor, "export")
    ids = [UUID(each) for each in params.getlist("ids") if is_id(each)]
    return rows.filter(pk__in=ids) if "ids" in params else rows


@transaction.atomic
def ask_for_export(
    record_type: RecordType,
    *,
    format_name: str,
    columns: Columns,
    query: str,
    actor: Actor,
    at: datetime,
) -> Export:
    """Return a new export that is yet to be written; that it was asked for is an event."""
    authorize(actor, record_type.permission("export"))
    if actor.user_id is None:
        raise PermissionDenied
    record_type = seen_as(record_type, actor)
    chosen = FORMATS.get(format_name)
    if chosen is None or (chosen.needs and not record_type.importer.field(chosen.needs)):
        raise UnknownFormat
    export = Export(
        owner_id=actor.user_id,
        key_id=key_of(actor),
        record_type=record_type.name,
        format=chosen.name,
        columns=columns.names,
        query=query,
        language=get_language() or "en",
        count=chosen_rows(record_type, query, actor).count(),
        expires_at=at + LIFE,
    )
    export.save(force_insert=True)
    told = {"type": record_type.name, "format": chosen.name, "count": export.count}
    emit("export.started", export, actor=actor, columns=columns.names, **told)
    return export


@transaction.atomic
def write_behind(pk: UUID) -> None:
    """Write a file somebody waits for elsewhere, and say when it is ready."""
    if write_export(pk):
        export: Export = Export.objects.select_related("owner__role").get(pk=pk)
        told = {"type": export.record_type, "count": export.count}
        emit("export.finished", export, actor=export.owner.as_actor(), **told)


@transaction.atomic
def write_export(pk: UUID) -> bool:
    """Write the file and return whether it is ready now; ringing twice does nothing twice."""
    export = Export.objects.lock(pk)
    record_type = record_type_named(export.record_type)
    if export.state != State.WAITING or record_type is None:
        return False
    actor = owner_again(export.owner, export.key_id)
    if actor is None or not can(actor, record_type.permission("export")):
        return _given_up(export)
    record_type = seen_as(record_type, actor)
    files.remove_export(pk)
    with override(export.language):
        export.size = files.store_export(pk, _content(export, record_type, actor))
    export.state, export.rights = State.READY, rights_to_export(record_type, actor)
    export.save(update_fields=["state", "size", "rights"])
    return True


def _given_up(export: Export) -> bool:
    """Write nothing for whoever left meanwhile, or may not export any more."""
    export.state = State.FAILED
    export.save(update_fields=["state"])
    return False


def _content(export: Export, record_type: RecordType, actor: Actor) -> Iterator[bytes]:
    fields = (record_type.importer.field(name) for name in export.columns)
    columns = Columns(tuple(field for field in fields if field))
    rows = chosen_rows(record_type, export.query, actor)
    order = _order_of(record_type, export.query)
    return FORMATS[export.format].write(columns, exported_rows(rows, record_type, columns, order))


def _order_of(record_type: RecordType, query: str) -> str:
    """Return the order of the list; its address calls it sort, that of the API ordering."""
    params = MultiValueDict(parse_qs(query))
    wanted = params.get("sort") or params.get("ordering") or ""
    return chosen_order(record_type.listing, wanted)


@transaction.atomic
def fetch_export(export: Export, *, actor: Actor, at: datetime) -> BinaryIO:
    """Return the file's content; nobody gets it a second time."""
    held = Export.objects.visible_to(actor).lock(export.pk)
    record_type = record_type_named(held.record_type)
    if record_type is None or not held.is_open(at):
        raise ExportGone
    authorize(actor, record_type.permission("export"))
    if not is_covered(held, actor):
        raise RightsNarrowed
    held.state = State.FETCHED
    held.save(update_fields=["state"])
    return files.opened_export(held.pk)


def is_covered(export: Export, actor: Actor) -> bool:
    """Return whether the actor may still see all that the file was written from."""
    record_type = record_type_named(export.record_type)
    if record_type is None or export.rights is None:
        return False
    return covers(rights_to_export(record_type, actor), export.rights)


@transaction.atomic
def withdraw_exports(record_type: str) -> int:
    """Delete the files of this type that wait to be fetched; return how many there were.

    They may tell of somebody who was erased meanwhile. One that is being written is waited for.
    """
    waiting = Export.objects.filter(record_type=record_type, state__in=(State.WAITING, State.READY))
    held = waiting.select_for_update(of=("self",)).order_by("pk")
    ready = [each.pk for each in held if each.state == State.READY]
    for pk in ready:
        files.remove_export(pk)
    Export.objects.filter(pk__in=ready).update(state=State.FAILED)
    return len(ready)


@transaction.atomic
def forget_exports(*, at: datetime) -> int:
    """Delete files that were fetched or whose time is over; return how many exports are forgotten."""
    fetched = Export.objects.filter(state=State.FETCHED)
    old = Export.objects.filter(expires_at__lt=at)
    for pk in (fetched | old).values_list("pk", flat=True):
        files.remove_export(pk)
    return int(old.delete()[0])
