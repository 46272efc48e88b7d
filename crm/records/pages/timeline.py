"""What happened to a record, in words, newest first and under the months it happened in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from babel.dates import format_skeleton
from django.db.models import Model, Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.text import capfirst

from core.events.models import Event
from core.prepared import Prepared, given
from core.records.registry import RecordType
from core.ui import formats
from crm.files.models import Attachment, FileVersion
from crm.history.models.changes import Change
from crm.history.pages.wording import Words
from crm.notes.models import Note
from crm.records.words import happening

SHOWN = 30
SAME_MOMENT = timedelta(minutes=1)
# What hangs on a record tells of itself in its timeline, and is a part of the product of its own.
PARTS = {"notes": "note.", "files": "file."}
# A record's latest events, and one more where there are older ones.
LATEST = Prepared(
    lambda: Event.objects.filter(given('"events_event"."subject_id" = %s::uuid')).order_by(
        "-occurred_at", "-pk"
    )[: SHOWN + 1]
)


class Edit(NamedTuple):
    """What a field said before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline, with the note or the file it tells of."""

    who: str
    what: str
    more: str
    icon: str
    kind: str
    event: Event
    note: Note | None = None
    file: Attachment | None = None
    edits: Sequence[Edit] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A part of a timeline: its entries by month, and where the part before it begins."""

    months: list[tuple[str, list[Entry]]]
    older: str


def timeline_of(
    record: Model,
    record_type: RecordType,
    *,
    kind: str = "",
    before: str = "",
    without: Collection[str] = (),
    latest: list[Event] | None = None,
) -> Timeline:
    """Return the record's latest entries of a kind, or those before a place of an earlier part.

    What `LATEST` found need not be asked again. `without` names parts that are not told of.

    A place is an instant and an id, so parts neither overlap nor leave anything out, whatever
    happens meanwhile.
    """
    if latest is None:
        rows = _of_kind(Event.objects.filter(subject_id=record.pk), kind, without)
        rows = _before(rows, before).order_by("-occurred_at", "-pk")
        latest = list(rows[: SHOWN + 1])
    shown = latest[:SHOWN]
    older = _place(shown[-1]) if len(latest) > SHOWN else ""
    entries = _entries(shown, record_type)
    months = [(month, list(group)) for month, group in groupby(entries, key=_month)]
    return Timeline(months, older)


def _of_kind(rows: QuerySet[Event], kind: str, without: Collection[str] = ()) -> QuerySet[Event]:
    if kind in PARTS:
        rows = rows.filter(name__startswith=PARTS[kind])
    for part in PARTS if kind == "changes" else without:
        rows = rows.exclude(name__startswith=PARTS[part])
    return rows


def _place(event: Event) -> str:
    return f"{event.occurred_at.isoformat()}~{event.pk}"


def _before(rows: QuerySet[Event], place: str) -> QuerySet[Event]:
    """Return the rows before a place; a place nobody was given is none."""
    instant, _sign, pk = place.partition("~")
    try:
        at, last = datetime.fromisoformat(instant), UUID(pk)
    except ValueError:
        return rows
    if timezone.is_naive(at):
        return rows
    return rows.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, pk__lt=last))


def _entries(events: Sequence[Event], record_type: RecordType) -> list[Entry]:
    """Return the events in words; those about a note or a file that is gone are left out."""
    notes = _read(Note, events, "note")
    files = _read(Attachment, events, "file")
    with_versions(list(files.values()))
    edits = _edits(events, record_type)
    entries = (_entry(event, record_type, notes, files, edits) for event in events)
    return [entry for entry in entries if not _is_hollow(entry)]


def _edits(events: Sequence[Event], record_type: RecordType) -> dict[UUID, list[Edit]]:
    """Return what each event changed, as the journal has it under the record's key."""
    changed = {
        (event.subject_id, event.payload["version"]): event
        for event in events
        if "version" in event.payload and "fields" in event.payload
    }
    if not changed:
        return {}
    words = Words(record_type)
    versions = [version for _subject, version in changed]
    rows = Change.objects.filter(record_id=events[0].subject_id, version__in=versions)
    found: dict[UUID, list[Edit]] = {}
    for change in rows:
        event = changed[change.record_id, change.version]
        # Another record's past may have come here in a merge, with versions of its own.
        if abs(change.created_at - event.occurred_at) < SAME_MOMENT:
            found[event.pk] = [_edit(name, change, words) for name in words.seen(change.fields)]
    return found


def _edit(name: str, change: Change, words: Words) -> Edit:
    before, after = change.before[name], change.after[name]
    return Edit(words.label(name), words.value(name, before), words.value(name, after))


def _read(model: Any, events: Iterable[Event], key: str) -> dict[str, Any]:
    """Return what the events are about, by the ids they name; only what is still there."""
    ids = {event.payload[key] for event in events if key in event.payload}
    if not ids:
        return {}
    return {str(row.pk): row for row in model.objects.present().filter(pk__in=ids)}


def with_versions(files: Sequence[Attachment]) -> list[Attachment]:
    """Return the files, each with its versions read along, the newest first."""
    newest = Prefetch("versions", FileVersion.objects.order_by("-number"))
    prefetch_related_objects(files, newest)
    return list(files)


def _is_hollow(entry: Entry) -> bool:
    about = entry.event.payload
    is_told = entry.event.name.endswith((".deleted", ".restored"))
    return not is_told and (
        ("note" in about and entry.note is None) or ("file" in about and entry.file is None)
    )


def _entry(
    event: Event,
    record_type: RecordType,
    notes: Mapping[str, Note],
    files: Mapping[str, Attachment],
    edits: Mapping[UUID, Sequence[Edit]],
) -> Entry:
    look = happening(event.name)
    note, file = event.payload.get("note", ""), event.payload.get("file", "")
    return Entry(
        who=event.actor_label,
        what=str(record_type.events.get(event.name) or look.words or event.name),
        more="" if event.pk in edits else _fields(event.payload.get("fields", ()), record_type),
        icon=look.icon,
        kind="note" if note else "file" if file else "",
        event=event,
        note=notes.get(note),
        file=files.get(file),
        edits=edits.get(event.pk, ()),
    )


def _month(entry: Entry) -> str:
    locale = formats.locale()
    local = timezone.localtime(entry.event.occurred_at)
    return str(format_skeleton("yMMMM", local, locale=locale))


def _fields(names: Sequence[str], record_type: RecordType) -> str:
    words = Words(record_type)
    return capfirst(words.labels(name for name in names if words.form.label_of(name)))
