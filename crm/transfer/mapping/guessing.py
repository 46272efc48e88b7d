"""Guessing which column goes into which field: by what it is called, by what stands in it, by what was done before."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.translation import override

from core.records.importing import ImportField, ImportInto
from crm.transfer.mapping import columns
from crm.transfer.mapping.columns import Column, Confidence

ALIKE = 0.84
SHORTEST_GUESSED = 5
LANGUAGES = ("en", "zh-hans")
# Of the filled samples of a column, as many must look like the field's values.
MOST = 0.8
FEW = 0.5
_NUMBERS = re.compile(r"\d+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Guess(NamedTuple):
    """A field for a column, how well it fits, and why."""

    field: str = ""
    score: float = 0
    why: Confidence = ""


NOTHING = Guess()


def guess(
    names: Sequence[str],
    importer: ImportInto,
    *,
    samples: Callable[[int], Sequence[str]] = lambda at: (),
    past: Mapping[str, str] | None = None,
) -> columns.Mapping:
    """Return the mapping the file suggests; a field that takes one column gets the best one.

    `past` has the fields that columns of these names went into before; where that was none, the
    column is left out again.
    """
    known = known_words(importer)
    guessed = [
        _remembered(name, past or {}, importer)
        or _checked(_by_name(name, known, importer), samples(at), importer)
        for at, name in enumerate(names)
    ]
    taken = _settle(guessed, importer)
    for at, found in enumerate(guessed):
        if not found.field and folded(names[at]) not in (past or {}):
            guessed[at] = _by_content(samples(at), importer, taken)
            if guessed[at].field:
                taken.add(guessed[at].field)
    return columns.Mapping(
        tuple(
            Column(name, found.field, confidence=found.why)
            for name, found in zip(names, guessed, strict=True)
        )
    )


def _settle(guessed: list[Guess], importer: ImportInto) -> set[str]:
    """Let each field that takes one column keep the best; return which fields are taken."""
    taken: set[str] = set()
    for at in sorted(range(len(guessed)), key=lambda at: -guessed[at].score):
        field = importer.field(guessed[at].field)
        if field and (field.is_list or field.name not in taken):
            taken.add(field.name)
        else:
            guessed[at] = NOTHING
    return taken


def _remembered(name: str, past: Mapping[str, str], importer: ImportInto) -> Guess | None:
    field = past.get(folded(name))
    if field is None:
        return None
    return Guess(field, 2, "known") if importer.field(field) else NOTHING


def _by_name(name: str, known: Mapping[str, tuple[str, float]], importer: ImportInto) -> Guess:
    word = folded(name)
    if word in known:
        return Guess(*known[word], "sure")
    bare = " ".join(_NUMBERS.sub(" ", word).split())
    if bare in known and (field := importer.field(known[bare][0])) and field.is_list:
        return Guess(field.name, 0.98, "sure")
    if len(word) < SHORTEST_GUESSED:
        return NOTHING
    best = max(known, key=lambda each: SequenceMatcher(None, word, each).ratio())
    score = SequenceMatcher(None, word, best).ratio()
    # A number tells columns apart that otherwise are called the same: address 1, address 2.
    is_same_number = _NUMBERS.findall(word) == _NUMBERS.findall(best)
    if score < ALIKE or not is_same_number:
        return NOTHING
    return Guess(known[best][0], score * 0.9, "likely")


def _checked(found: Guess, samples: Sequence[str], importer: ImportInto) -> Guess:
    """A column that is called e-mail and holds none deserves a second look."""
    field = importer.field(found.field)
    if field is None or field.looks is None or not samples:
        return found
    return (
        found if _share(field, samples) >= FEW else Guess(found.field, found.score * 0.9, "likely")
    )


def _by_content(samples: Sequence[str], importer: ImportInto, taken: set[str]) -> Guess:
    for field in importer.fields:
        is_free = field.is_list or field.name not in taken
        if (
            field.looks
            and not field.feeds
            and is_free
            and samples
            and _share(field, samples) >= MOST
        ):
            return Guess(field.name, 0.5, "content")
    return NOTHING


def _share(field: ImportField, samples: Sequence[str]) -> float:
    looks = field.looks or (lambda text: False)
    texts = [part for text in samples for part in text.split(";") if part.strip()]
    return sum(looks(text.strip()) for text in texts) / max(1, len(texts))


def known_words(importer: ImportInto) -> dict[str, tuple[str, float]]:
    """Return every name of every field in both languages; what a field is called itself weighs more."""
    words: dict[str, tuple[str, float]] = {}
    for field in importer.fields:
        for also in field.also:
            words.setdefault(folded(also), (field.name, 0.99))
    for language in LANGUAGES:
        with override(language):
            own = {folded(str(field.label)): (field.name, 1.0) for field in importer.fields}
            words |= {word: known for word, known in own.items() if words.get(word, ("", 0))[1] < 1}
    names = {folded(field.name): (field.name, 0.995) for field in importer.fields}
    return names | words


def folded(name: str) -> str:
    """Return a header without what differs between programs: case, width, signs between words."""
    text = unicodedata.normalize("NFKC", _CAMEL.sub(" ", name)).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", text).split())
