"""Who may write notes, and who may change those of others."""

from django.utils.translation import gettext_lazy as _

from core.access import rule
from core.actors import Actor
from core.permissions import WORKERS, declare
from crm.notes.models import Note

ADD_NOTE = declare("notes.add_note", _("Write notes"), roles=WORKERS)
CHANGE_NOTE = declare("notes.change_note", _("Change notes of one's own"), roles=WORKERS)
DELETE_NOTE = declare("notes.delete_note", _("Delete notes of one's own"), roles=WORKERS)
CHANGE_ANY_NOTE = declare("notes.change_any_note", _("Change and delete notes of others"))


@rule(CHANGE_NOTE, DELETE_NOTE)
def wrote_it_or_changes_any(actor: Actor, note: Note) -> bool:
    return CHANGE_ANY_NOTE in actor.permissions or (
        actor.user_id is not None and note.author_id == actor.user_id
    )
