"""How likely it is that somebody who typed this meant that."""

import re
import unicodedata
from collections.abc import Callable

_WORD = re.compile(r"\w+")
WHOLE, WORDS, START, PART = 3, 2, 1, 0


def relevance_to(query: str) -> Callable[[str], int]:
    """Return what says of a title how likely it is.

    3 when it is called so, 2 when each word is one of its words, 1 when it begins so, else 0.
    """
    wanted = _folded(query)
    words = set(_WORD.findall(wanted))

    def relevance(title: str) -> int:
        called = _folded(title)
        if wanted == called:
            return WHOLE
        if words.issubset(_WORD.findall(called)):
            return WORDS
        return START if called.startswith(wanted) else PART

    return relevance


def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.split())
