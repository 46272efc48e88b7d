"""What a name can be found by: prefixes of its words, runs of Chinese characters, pinyin."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import groupby

from pypinyin import Style, lazy_pinyin, pinyin

from compliance.encryption.normalise import normalise_text

SHORTEST_PREFIX = 2
LONGEST_PREFIX = 8

# Letters and digits, and the vowel signs of scripts that write them as marks.
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u0900-\u109f])+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_SURNAME_READINGS = 4
# A rank has two digits of this base, which keeps it within a smallint.
_RANK_BASE = 181
_RANK_DIGIT, _RANK_LATIN, _RANK_OTHER = 2, 12, 38


def prefixes(texts: Iterable[str]) -> set[str]:
    """Return everything these texts together can be found by."""
    alphabetic, han = _words(texts)
    found = {
        word[:length]
        for word in (*alphabetic, *_readings(han))
        for length in range(SHORTEST_PREFIX, min(len(word), LONGEST_PREFIX) + 1)
    }
    return found.union(*_runs(han), *(_pairs(run) for run in _runs(han)))


def query_prefixes(query: str) -> set[str]:
    """Return what a row must all have to be found by this query; empty when it is too short."""
    alphabetic, han = _words([query])
    found = {word[:LONGEST_PREFIX] for word in alphabetic if len(word) >= SHORTEST_PREFIX}
    for run in _runs(han):
        found |= _pairs(run) if len(run) > 1 else {run}
    return found


def is_match(query: str, texts: Iterable[str]) -> bool:
    """Return whether each word of the query begins a word of these texts, or stands in a run."""
    return matcher(query)(texts)


def matcher(query: str) -> Callable[[Iterable[str]], bool]:
    """Return `is_match` for this query: a search asks it of many texts."""
    wanted, wanted_han = _words([query])
    wanted_runs = _runs(wanted_han)

    def is_match(texts: Iterable[str]) -> bool:
        alphabetic, han = _words(texts)
        words = {*alphabetic, *_readings(han)}
        return all(any(word.startswith(start) for word in words) for start in wanted) and all(
            any(run in whole for whole in _runs(han)) for run in wanted_runs
        )

    return is_match


def whole_words(texts: Iterable[str]) -> set[str]:
    """Return the words these texts hold; of Chinese, which has none between spaces, every two characters."""
    alphabetic, han = _words(texts)
    found = {word for word in alphabetic if len(word) >= SHORTEST_PREFIX}
    return found.union(*(_pairs(run) if len(run) > 1 else {run} for run in _runs(han)))


def has_words(query: str, texts: Iterable[str]) -> bool:
    """Return whether each word of the query is a word of these texts, or stands in a run."""
    alphabetic, han = _words(texts)
    wanted, wanted_han = _words([query])
    return set(wanted) <= set(alphabetic) and all(
        any(run in whole for whole in _runs(han)) for run in _runs(wanted_han)
    )


def beginnings(text: str) -> set[str]:
    """Return the beginnings a short text, such as an e-mail address, is found by."""
    folded = normalise_text(text)
    return {
        folded[:length] for length in range(SHORTEST_PREFIX, min(len(folded), LONGEST_PREFIX) + 1)
    }


def sort_rank(text: str) -> int:
    """Return the place of a text's first two letters: nothing, signs, digits, letters, others."""
    return _rank(_sort_letters(text))


def sort_key(text: str) -> tuple[int, str, str]:
    """Return a key that orders texts exactly, in agreement with `sort_rank`."""
    letters = _sort_letters(text)
    return _rank(letters), letters, text


def _rank(letters: str) -> int:
    two = letters[:2].ljust(2, "\0")
    return _place(two[0]) * _RANK_BASE + _place(two[1])


def _words(texts: Iterable[str]) -> tuple[list[str], str]:
    """Split texts into alphabetic words, and Chinese with a gap wherever other text stood.

    Family and given name are texts of their own, yet 张 and 三 must be found as 张三: what ends
    one text and what begins the next stand together.
    """
    alphabetic: list[str] = []
    han = ""
    for text in texts:
        if text.isascii():
            # Nearly every Latin name: nothing of it can be Chinese, nor needs its accents taken.
            words = _ASCII_WORD.findall(text.lower())
            alphabetic += words
            han += " " * bool(words)
            continue
        words = _WORD.findall(normalise_text(text))
        for number, word in enumerate(words):
            for is_han, letters in groupby(word, _is_han):
                part = "".join(letters)
                if not is_han:
                    alphabetic.append(unaccented(part))
                    han += " "
                    continue
                han += f" {part}" if number else part
    return alphabetic, han


def _runs(han: str) -> list[str]:
    return han.split()


def _pairs(run: str) -> set[str]:
    return {run[at : at + 2] for at in range(len(run) - 1)}


def _readings(han: str) -> set[str]:
    """Return the pinyin of each run from every syllable on, and its initials: 张三 as zs."""
    words: set[str] = set()
    for run in _runs(han):
        first, *rest = lazy_pinyin(run, style=Style.NORMAL)
        words.update("".join(rest[at:]) for at in range(len(rest)))
        # Many a surname has a reading of its own: 曾 is zeng, and otherwise ceng.
        firsts = pinyin(run[0], style=Style.NORMAL, heteronym=True)[0][:_SURNAME_READINGS]
        for reading in {first, *firsts}:
            words.add(reading + "".join(rest))
            words.add("".join(syllable[0] for syllable in (reading, *rest)))
    return words


def _is_han(letter: str) -> bool:
    return (
        "\u4e00" <= letter <= "\u9fff" or "\u3400" <= letter <= "\u4dbf" or letter >= "\U00020000"
    )


def unaccented(text: str) -> str:
    """Return the text without the signs on its letters: é as e."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _sort_letters(text: str) -> str:
    folded = normalise_text(text)
    if not folded.isascii():
        folded = unaccented("".join(lazy_pinyin(folded, style=Style.NORMAL)))
    return "".join(folded.split())


def _place(letter: str) -> int:
    if letter == "\0":
        return 0
    if letter.isascii() and letter.isdigit():
        return _RANK_DIGIT + int(letter)
    if "a" <= letter <= "z":
        return _RANK_LATIN + ord(letter) - ord("a")
    if letter.isascii():
        return 1
    return _RANK_OTHER + _place_beyond_latin(ord(letter))


def _place_beyond_latin(code: int) -> int:
    # Greek, Cyrillic, Hebrew and their neighbours get most of the room; the rest shares the end.
    room = _RANK_BASE - _RANK_OTHER - 1
    nearest = max(code - 0x370, 0) // 6
    return nearest if nearest < 110 else min(110 + (code >> 12), room)
