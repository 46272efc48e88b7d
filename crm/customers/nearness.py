"""Names that are meant although one letter of a word is wrong, missing, too many or swapped.

Every word is stored with each of its letters left out once; so is every word that is asked for.
Words one letter apart then share one of these, which an index finds without looking at the rest.
"""

import re
from collections.abc import Iterable

from compliance.encryption.normalise import normalise_text
from compliance.encryption.words import unaccented

SHORTEST, LONGEST = 4, 20
# Stands before such a word, so that no search by beginnings takes it for one.
MARK = "~"
_WORD = re.compile(r"[^\W\d_]+|\d+")


def near_terms(texts: Iterable[str]) -> set[str]:
    """Return what names are found by when a letter is wrong."""
    return {term for text in texts for word in _words(text) for term in _variants(word)}


def near_queries(text: str) -> list[list[str]]:
    """Return, for each word long enough to be misspelt, what a name must share one of."""
    return [sorted(_variants(word)) for word in _words(text) if len(word) >= SHORTEST]


def is_near(query: str, texts: Iterable[str]) -> bool:
    """Return whether each word of the query is at most one letter from a word of the texts.

    Short words leave no room for a mistake: a word of the texts must begin so.
    """
    words = {word for text in texts for word in _words(text)}
    return all(any(_is_meant(one, other) for other in words) for one in _words(query))


def _is_meant(one: str, other: str) -> bool:
    if len(one) < SHORTEST:
        return other.startswith(one)
    return len(other) >= SHORTEST and _is_one_off(one, other)


def _words(text: str) -> list[str]:
    folded = unaccented(normalise_text(text))
    return [word[:LONGEST] for word in _WORD.findall(folded)]


def _variants(word: str) -> set[str]:
    if len(word) < SHORTEST:
        return set()
    return {MARK + word, *(f"{MARK}{word[:at]}{word[at + 1 :]}" for at in range(len(word)))}


def _is_one_off(one: str, other: str) -> bool:
    """Return whether one step makes one of the other: a letter put in, taken out, changed, or two swapped."""
    if one == other:
        return True
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return abs(len(one) - len(other)) == 1
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[1::-1] == other_rest[:2] and rest[2:] == other_rest[2:])
    )
