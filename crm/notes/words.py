"""Notes in words."""

from django.utils.translation import ngettext

from core.ui import formats


def count_notes(count: int) -> str:
    """Return so many notes in words: 3 notes."""
    return ngettext("%(count)s note", "%(count)s notes", count) % {"count": formats.number(count)}
