"""How a name becomes the letters and the colour of its avatar."""

import re
import unicodedata
from zlib import crc32

HUES = 6
CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def is_chinese(name: str) -> bool:
    """Return whether the name holds a Chinese character."""
    return CHINESE.search(name) is not None


def initials(name: str, size: str = "") -> str:
    """Return the avatar letters: for Chinese names the last one, or two when large; else initials."""
    if is_chinese(name):
        letters = CHINESE.findall(name)
        return "".join(letters[-2:] if size == "lg" else letters[-1:])
    words = ["".join(filter(str.isalnum, word)) for word in name.split()]
    words = [word for word in words if word]
    # A number at the end of a name tells less than its last word.
    words = [word for word in words if not word.isdigit()] or words
    if not words:
        return "?"
    chosen = words[:1] if size == "xs" or len(words) == 1 else [words[0], words[-1]]
    return "".join(word[0] for word in chosen).upper()


def hue(name: str) -> int:
    """Return a number from 1 to 6 that stays with the name."""
    composed = name if name.isascii() else unicodedata.normalize("NFC", name)
    return crc32(composed.encode()) % HUES + 1
