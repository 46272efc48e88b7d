"""Saying what an update did: an entry of the journal and an event for each record."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from core.actors import Actor
from core.events.bus import emit_each
from core.records.models import Record
from crm.history.journal import Edit, note_edits


class Draft(Protocol):
    """A record with its new values, before they are saved."""

    before: dict[str, Any]

    @property
    def record(self) -> Record: ...

    @property
    def changed(self) -> list[str]: ...

    def says(self, names: Iterable[str]) -> dict[str, Any]: ...


def edits_of(drafts: Iterable[Draft]) -> list[Edit]:
    """Return what each record said before and what it will say; to be asked before saving."""
    edits = []
    for draft in drafts:
        names = set(draft.changed)
        before = {name: draft.before[name] for name in names}
        edits.append(Edit(draft.record, before, draft.says(names)))
    return edits


def note_updated(record_type: str, edits: Sequence[Edit], *, actor: Actor) -> None:
    """Write down what changed on records that are saved by now."""
    note_edits(record_type, edits, actor=actor)
    payloads = [
        (edit.record, {"fields": sorted(edit.after), "version": edit.record.version})
        for edit in edits
    ]
    emit_each(f"{record_type}.updated", payloads, actor=actor)
