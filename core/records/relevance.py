"""How likely it is that somebody who typed this meant that."""

import re
import unicodedata

_WORD = re.compile(r"\w+")
WHOLE, WORDS, START, PART = 3, 2, 1, 0


def relevance(query: str, title: str) -> int:
    """Return 3 when it is called so, 2 when each word is one of its words, 1 when it begins so, else 0."""
    wanted, called = _folded(query), _folded(title)
    if wanted == called:
        return WHOLE
    if set(_WORD.findall(wanted)) <= set(_WORD.findall(called)):
        return WORDS
    return START if called.startswith(wanted) else PART


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(plain.split())
