"""What stands around a record: notes, files, latest events, and the actor's own marks on it."""

from typing import Any, NamedTuple
from uuid import UUID

from core.actors import Actor
from core.events.models import Event
from core.prepared import Prepared, ask_together, given
from crm.bookmarks.models import Bookmark
from crm.files.models import Attachment
from crm.notes.models import Note
from crm.records.pages.timeline import LATEST

MOST_NOTES = 100
NOBODY = UUID(int=0)
NOTES = Prepared(
    lambda: (
        Note.objects.present()
        .filter(given('"notes_note"."record_id" = %s::uuid'))
        .order_by("-is_pinned", "-created_at", "-pk")[:MOST_NOTES]
    )
)
FILES = Prepared(
    lambda: (
        Attachment.objects.present()
        .filter(given('"files_attachment"."record_id" = %s::uuid'))
        .only("pk")
        .order_by("pk")
    )
)
MARKS = Prepared(
    lambda: Bookmark.objects.filter(
        given('"bookmarks_bookmark"."record_id" = %s::uuid'),
        given('"bookmarks_bookmark"."member_id" = %s::uuid'),
    ).order_by("pk")
)


class Around(NamedTuple):
    """The record's notes, pinned ones first, the number of its files, the actor's marks, the latest."""

    notes: list[Note]
    files: int
    is_starred: bool
    is_followed: bool
    latest: list[Event]


def around(record: Any, actor: Actor) -> Around:
    """Return what stands around the record, in one round trip."""
    notes, files, marks, latest = ask_together(
        [
            (NOTES, [record.pk]),
            (FILES, [record.pk]),
            (MARKS, [record.pk, actor.user_id or NOBODY]),
            (LATEST, [record.pk]),
        ]
    )
    kinds = {mark.kind for mark in marks}
    is_starred, is_followed = Bookmark.Kind.STAR in kinds, Bookmark.Kind.FOLLOW in kinds
    return Around(notes, len(files), is_starred, is_followed, latest)
