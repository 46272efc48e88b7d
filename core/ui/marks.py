"""Small signs that stand beside names."""

from django.utils.safestring import SafeString

from core.ui import names
from core.ui.markup import markup

AVATAR = '<span class="avatar{}"{}{} aria-hidden="true"><span>{}</span></span>'


def avatar(name: object, *, size: str = "", person: bool = True, plain: bool = False) -> SafeString:
    """Return the letters of a person or, squarely, of a company: decoration, the name stands beside it.

    Sizes are xs, sm and lg; a plain one has no colour.
    """
    called = str(name or "")
    return markup(
        AVATAR,
        "" if person else " square",
        markup(' data-size="{}"', size) if size else "",
        "" if plain else markup(' data-hue="{}"', names.hue(called)),
        names.initials(called, size),
    )
