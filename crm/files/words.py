"""Files in words."""

from django.utils.translation import ngettext

from core.ui import formats


def count_files(count: int) -> str:
    """Return so many files in words: 3 files."""
    return ngettext("%(count)s file", "%(count)s files", count) % {"count": formats.number(count)}
