"""How alike two names are, whatever the script, the order of their parts and the legal form."""

import re
from difflib import SequenceMatcher

from pypinyin import lazy_pinyin

from compliance.encryption.normalise import normalise_text
from compliance.encryption.words import unaccented

NEAR = 0.86
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
# What companies are, not what they are called.
_LEGAL = frozenset(
    "ag ab as bv co company corp corporation gmbh gmbh&co group holding inc incorporated kg kk limited llc "
    "llp ltd nv oy plc pte pty sa sarl sas se spa srl the und and".split()
)
_LEGAL_CHINESE = re.compile(r"(股份)?有限(责任)?公司$|集团$|公司$|\((中国|上海|北京|深圳)\)")
# Letters that are no letter with an accent, yet are written as one where the keyboard lacks them.
_LIKE_LATIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


def words_of(text: str) -> list[str]:
    """Return a name's words in Latin letters: Chinese ones as pinyin, accents taken off."""
    folded = normalise_text(text)
    if folded.isascii():
        return _WORD.findall(folded)
    parts = _WORD.findall(folded.translate(_LIKE_LATIN))
    return [unaccented("".join(lazy_pinyin(part))) for part in parts]


def person_key(given: str, family: str) -> str:
    """Return what is equal for a person's name in any order and script: 张三, San Zhang, Zhang San."""
    return " ".join(sorted([*words_of(given), *words_of(family)]))


def company_key(name: str) -> str:
    """Return a company's name without its legal form."""
    words = words_of(_LEGAL_CHINESE.sub("", normalise_text(name)))
    return "".join(word for word in words if word not in _LEGAL) or "".join(words)


def likeness(first: str, second: str) -> float:
    """Return how alike two keys are: 1 for the same, 0 for nothing in common."""
    if first == second:
        return 1.0
    # Branch 1 and branch 2 are two, however alike the rest is.
    if _DIGITS.findall(first) != _DIGITS.findall(second):
        return 0.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    # Two cheap upper bounds spare most pairs the real comparison.
    if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
        return 0.0
    return matcher.ratio()
