"""How names are written: a person's in the order of the language the name is in, not the reader's."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.ui.names import is_chinese

LONGEST = 80
# Kana and Hangul; Chinese characters are known to core.
OTHER_FAMILY_FIRST = re.compile("[\u3040-\u30ff\uac00-\ud7af]")


def is_family_first(name: str) -> bool:
    """Return whether a name in this script puts the family name first, without a space."""
    return not name.isascii() and (is_chinese(name) or OTHER_FAMILY_FIRST.search(name) is not None)


def full_name(given: str, family: str) -> str:
    """Return the whole name: 王建国, Katarzyna Wiśniewska."""
    if is_family_first(given or family) and is_family_first(family or given):
        return f"{family}{given}"
    return f"{given} {family}".strip()


def named(text: str) -> str:
    """Return what somebody calls a thing of theirs, without blanks around it; nothing is no name."""
    name = text.strip()
    if not name or len(name) > LONGEST:
        raise ValidationError({"name": _("A name has 1 to 80 characters.")})
    return name
