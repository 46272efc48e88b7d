"""Small marks of lists and pages: the letters beside a name, the time something happened."""

from datetime import datetime

from django.utils.safestring import SafeString, mark_safe

from core.ui import formats, names
from core.ui.markup import markup

PHOTO = '<span class="avatar"{} aria-hidden="true"><img src="{}" alt=""></span>'
AVATAR = '<span class="avatar{}"{}{} aria-hidden="true"><span>{}</span></span>'
NOTHING = mark_safe('<span class="none">—</span>')


def avatar(
    name: object, *, size: str = "", person: bool = True, plain: bool = False, photo: str = ""
) -> SafeString:
    """Return the photo or the letters of a person or, squarely, of a company: decoration, the name stands beside it.

    A member in place of a name has a photo or none. Sizes are xs, sm and lg; a plain one has no colour.
    """
    if photo := photo or getattr(name, "photo_url", ""):
        return markup(PHOTO, SafeString(f' data-size="{size}"') if size else "", photo)
    called = str(name or "")
    letters = names.initials if person else names.company_initials
    return markup(
        AVATAR,
        "" if person else " square",
        SafeString(f' data-size="{size}"') if size else "",
        "" if plain else SafeString(f' data-hue="{names.hue(called)}"'),
        letters(called, size),
    )


def when(value: datetime | None) -> SafeString:
    """Return how long ago, with the exact time as title; the browser keeps it current."""
    if value is None:
        return NOTHING
    ago, exact = formats.ago_and_exact(value)
    return markup(
        '<time datetime="{}" title="{}" data-when>{}</time>', value.isoformat(), exact, ago
    )
