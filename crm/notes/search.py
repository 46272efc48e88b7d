"""Notes among what a search finds: by whole words, on records the actor may see."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from compliance.encryption.records import word_index, word_matcher
from core.actors import Actor
from core.prepared import Condition
from core.records.attached import records_seen_by
from core.records.candidates import Candidates
from core.records.finding import CANDIDATES, Findings, Hit, Source, add_source
from crm.notes.models import Note

HAS_WORDS = '"notes_note"."words" @> %s::integer[]'
SHOWN_BEFORE, SHOWN_AFTER = 30, 90


def _findings(notes: Sequence[Note], query: str, actor: Actor, shown: int) -> Findings:
    """Return the latest of the notes with every word of the query."""
    is_match = word_matcher(Note, query)
    found = [note for note in notes if is_match(note)]
    places = [(note.record_type, note.record_id) for note in found[:shown]]
    seen = records_seen_by(actor, places, named=True)
    hits = [
        Hit(
            id=note.pk,
            title=str(seen[note.record_id].record),
            detail=_around(note.text, query),
            url=f"{seen[note.record_id].record.get_absolute_url()}?tab=notes",
        )
        for note in found[:shown]
        if note.record_id in seen
    ]
    return Findings("note", _("Notes"), "sticky-note", hits, has_more=len(found) > shown)


def _with_words(query: str) -> Condition | None:
    tokens = word_index(Note).tokens_for(query)
    return Condition(HAS_WORDS, (tokens,)) if tokens else None


def _latest(rows: Any) -> Any:
    read = rows.present().only("record_type", "record_id", "text")
    return read.order_by("-created_at", "-pk")[:CANDIDATES]


def _around(text: str, query: str) -> str:
    """Return the part of the text around the first word that was asked for."""
    flat = " ".join(text.split())
    at = max(flat.casefold().find(query.split()[0].casefold()), 0)
    begin, end = max(at - SHOWN_BEFORE, 0), at + SHOWN_AFTER
    return f"{'…' if begin else ''}{flat[begin:end]}{'…' if end < len(flat) else ''}"


add_source(Source("notes", Candidates(Note.objects.visible_to, _latest), _with_words, _findings))
