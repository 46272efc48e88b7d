"""What stands around a record: its notes and files, and the actor's own marks on it."""

from typing import Any, NamedTuple
from uuid import UUID

from core.actors import Actor
from core.prepared import Prepared, ask_together, given
from crm.bookmarks.models import Bookmark
from crm.files.models import Attachment
from crm.notes.models import Note

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
    """The record's notes, pinned ones first, the number of its files, and the actor's marks."""

    notes: list[Note]
    files: int
    is_starred: bool
    is_followed: bool


def around(record: Any, actor: Actor) -> Around:
    """Return what stands around the record, in one round trip."""
    notes, files, marks = ask_together(
        [
            (NOTES, [record.pk]),
            (FILES, [record.pk]),
            (MARKS, [record.pk, actor.user_id or NOBODY]),
        ]
    )
    kinds = {mark.kind for mark in marks}
    return Around(notes, len(files), Bookmark.Kind.STAR in kinds, Bookmark.Kind.FOLLOW in kinds)
