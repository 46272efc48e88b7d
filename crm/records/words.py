"""What happens on every record, whatever its type, in words and pictures."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as a timeline shows it; record types have words of their own for theirs."""

    icon: str
    words: str | Promise = ""


EVENTS = {
    "note.added": Happening(icon="sticky-note", words=_("wrote a note")),
    "note.changed": Happening(icon="pencil", words=_("changed a note")),
    "note.pinned": Happening(icon="pin", words=_("pinned a note")),
    "note.unpinned": Happening(icon="pin-off", words=_("unpinned a note")),
    "note.deleted": Happening(icon="trash-2", words=_("deleted a note")),
    "note.restored": Happening(icon="undo-2", words=_("brought a note back")),
    "file.added": Happening(icon="paperclip", words=_("added a file")),
    "file.changed": Happening(icon="files", words=_("added a version of a file")),
    "file.renamed": Happening(icon="pencil", words=_("renamed a file")),
    "file.deleted": Happening(icon="trash-2", words=_("deleted a file")),
    "file.restored": Happening(icon="undo-2", words=_("brought a file back")),
}
VERBS = {
    "created": Happening(icon="plus"),
    "updated": Happening(icon="pencil"),
    "deleted": Happening(icon="trash-2"),
    "restored": Happening(icon="undo-2"),
    "merged": Happening(icon="merge"),
}
OTHER = Happening(icon="arrow-right")


def happening(name: str) -> Happening:
    """Return how an event of this name looks."""
    return EVENTS.get(name) or VERBS.get(name.rpartition(".")[2], OTHER)
