"""Notes among what a search finds: by whole words, on records the actor may see."""

from django.utils.translation import gettext as _

from compliance.encryption.records import word_matcher
from core.actors import Actor
from core.records.attached import records_seen_by
from core.records.finding import CANDIDATES, Findings, Hit, add_source
from crm.notes.models import Note

SHOWN_BEFORE, SHOWN_AFTER = 30, 90


@add_source
def find_notes(query: str, actor: Actor, shown: int) -> Findings:
    """Return the latest notes with every word of the query."""
    visible = Note.objects.present().visible_to(actor)
    rows = visible.matching_words(query).only("record_type", "record_id", "text")
    is_match = word_matcher(Note, query)
    found = [note for note in rows.order_by("-created_at", "-pk")[:CANDIDATES] if is_match(note)]
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


def _around(text: str, query: str) -> str:
    """Return the part of the text around the first word that was asked for."""
    flat = " ".join(text.split())
    at = max(flat.casefold().find(query.split()[0].casefold()), 0)
    begin, end = max(at - SHOWN_BEFORE, 0), at + SHOWN_AFTER
    return f"{'…' if begin else ''}{flat[begin:end]}{'…' if end < len(flat) else ''}"
