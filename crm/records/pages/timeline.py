"""What happened to a record, in words, newest first and under the months it happened in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from babel.dates import format_skeleton
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.events.models import Event
from core.records.registry import RecordType
from core.ui import formats

SHOWN = 30
ICONS = {"created": "plus", "updated": "pencil", "deleted": "trash-2"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline."""

    who: str
    what: str
    more: str
    icon: str
    event: Event


def timeline_of(record: Model, record_type: RecordType) -> list[tuple[str, list[Entry]]]:
    """Return the record's latest events as entries, grouped by month."""
    events = Event.objects.filter(subject_id=record.pk).order_by("-occurred_at", "-pk")[:SHOWN]
    return [
        (month, [_entry(event, record_type) for event in group])
        for month, group in groupby(events, key=_month)
    ]


def _month(event: Event) -> str:
    locale = formats.locale()
    local = timezone.localtime(event.occurred_at)
    return str(format_skeleton("yMMMM", local, locale=locale))


def _entry(event: Event, record_type: RecordType) -> Entry:
    return Entry(
        who=event.actor_label,
        what=str(record_type.events.get(event.name, event.name)),
        more=_fields(event.payload.get("fields", ()), record_type),
        icon=ICONS.get(event.name.rpartition(".")[2], "arrow-right"),
        event=event,
    )


def _fields(names: Sequence[str], record_type: RecordType) -> str:
    labels = [str(label) for label in map(record_type.form.label_of, names) if label]
    return capfirst(_(", ").join(labels))
