"""Everything that can be done to a note: write, change, pin, delete, bring back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from core.access import authorize
from core.actors import Actor
from core.events.bus import emit
from core.records.attached import attach, held, held_in_use
from core.records.registry import record_type_of
from crm.notes.models import LONGEST, RETENTION, Note
from crm.notes.permissions import ADD_NOTE, CHANGE_NOTE, DELETE_NOTE
from crm.notes.richtext import clean, mentioned, text_of
from tenants.members.models import User


@transaction.atomic
def add_note(record: Model, *, html: str, actor: Actor, is_pinned: bool = False) -> Note:
    """Return a new note on the record; members it mentions are told."""
    authorize(actor, record_type_of(type(record)).permission("view"), record)
    authorize(actor, ADD_NOTE)
    note = attach(Note(author_id=actor.user_id, author_label=actor.label), record)
    note.is_pinned = is_pinned
    _write(note, html)
    note.save(force_insert=True)
    _emit("note.added", note, record, actor, mentions=note.mentions)
    return note


@transaction.atomic
def change_note(note: Note, *, html: str, actor: Actor, at: datetime) -> Note:
    """Return the note with another text; members mentioned for the first time are told."""
    note, record = held_in_use(note, actor=actor)
    authorize(actor, CHANGE_NOTE, note)
    before = set(note.mentions)
    _write(note, html)
    note.edited_at = at
    note.save(update_fields=["html", "text", "mentions", "edited_at"])
    new = [pk for pk in note.mentions if pk not in before]
    _emit("note.changed", note, record, actor, mentions=new)
    return note


@transaction.atomic
def pin_note(note: Note, *, is_pinned: bool, actor: Actor) -> Note:
    """Return the note, kept above the others or not; whoever may write notes may do this."""
    note, record = held_in_use(note, actor=actor)
    authorize(actor, ADD_NOTE)
    if note.is_pinned != is_pinned:
        note.is_pinned = is_pinned
        note.save(update_fields=["is_pinned"])
        _emit("note.pinned" if is_pinned else "note.unpinned", note, record, actor)
    return note


@transaction.atomic
def delete_note(note: Note, *, actor: Actor, at: datetime) -> Note:
    """Return the note, which nobody sees from now on; it can be brought back for thirty days."""
    note, record = held(note, actor=actor)
    authorize(actor, DELETE_NOTE, note)
    if note.deleted_at is None:
        note.deleted_at = at
        note.save(update_fields=["deleted_at"])
        _emit("note.deleted", note, record, actor)
    return note


@transaction.atomic
def restore_note(note: Note, *, actor: Actor) -> Note:
    """Return the note, there again."""
    note, record = held(note, actor=actor)
    authorize(actor, DELETE_NOTE, note)
    if note.deleted_at is not None:
        note.deleted_at = None
        note.save(update_fields=["deleted_at"])
        _emit("note.restored", note, record, actor)
    return note


@transaction.atomic
def destroy_old_notes(*, at: datetime) -> int:
    """Destroy the notes that were deleted long enough ago; return how many."""
    return Note.objects.filter(deleted_at__lt=at - RETENTION).delete()[0]


def _write(note: Note, html: str) -> None:
    if "\0" in html or len(html) > LONGEST:
        raise ValidationError({"html": _("A note may have up to 50,000 characters.")})
    note.html = clean(html)
    note.text = text_of(note.html)
    if not note.text:
        raise ValidationError({"html": _("Write something first.")})
    note.mentions = _members(mentioned(note.html))


def _members(ids: list[UUID]) -> list[UUID]:
    known = set(User.objects.filter(pk__in=ids, is_active=True).values_list("pk", flat=True))
    return [pk for pk in ids if pk in known]


def _emit(
    name: str, note: Note, record: Model, actor: Actor, mentions: list[UUID] | None = None
) -> None:
    payload: dict[str, Any] = {"note": str(note.pk)}
    if mentions:
        payload["mentions"] = [str(pk) for pk in mentions]
    emit(name, record, actor=actor, **payload)
