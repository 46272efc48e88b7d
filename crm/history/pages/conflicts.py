"""Telling a person that somebody else changed the same thing meanwhile."""

from django.utils.translation import gettext as _

from core.http import Request
from core.records.registry import RecordType
from core.ui import formats
from crm.history.conflicts import EditConflict
from crm.history.pages.wording import Words


def posted_version(request: Request) -> int | None:
    """Return the version of the record that the sent form showed, or None."""
    said = request.POST.get("version", "")
    return int(said) if said.isascii() and said.isdigit() else None


def told(conflict: EditConflict, record_type: RecordType) -> dict[str, str]:
    """Return a sentence for each field both changed: what it is now, by whom and since when."""
    words = Words(record_type)
    sentence = _("%(who)s changed “%(field)s” to %(value)s, %(ago)s. Save again to keep yours.")
    return {
        clash.field: sentence
        % {
            "who": clash.who,
            "field": words.label(clash.field),
            "value": words.value(clash.field, clash.theirs),
            "ago": formats.ago(clash.at),
        }
        for clash in conflict.clashes
        if words.seen([clash.field])
    }
