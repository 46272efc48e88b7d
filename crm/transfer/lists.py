"""Several values in one cell: between semicolons, and in quotation marks where they need them."""

import re
from collections.abc import Iterable, Sequence

_SEPARATORS = ";|；、\n"
_QUOTED = re.compile(rf'[ \t]*"((?:[^"]|"")*)"[ \t]*(?=[{_SEPARATORS}]|\Z)')
_PLAIN = re.compile(rf"[^{_SEPARATORS}]*")
_NEEDS_QUOTES = re.compile(rf'^\s|\s\Z|^"|[{_SEPARATORS}]')


def split_list(text: str) -> list[str]:
    """Return the values of a cell, without the empty ones."""
    return [part for part in split_parallel(text) if part]


def split_parallel(text: str) -> list[str]:
    """Return the values of a cell, each in its place: what is empty belongs to an empty place."""
    found, at = [], 0
    while True:
        if quoted := _QUOTED.match(text, at):
            found.append(quoted[1].replace('""', '"'))
            at = quoted.end()
        else:
            plain = _PLAIN.match(text, at)
            found.append(plain[0].strip() if plain else "")
            at = plain.end() if plain else len(text)
        if at == len(text):
            return found
        at += 1


def write_list(values: Iterable[str]) -> str:
    """Return the values as one cell that reads as the same values."""
    return "; ".join(_quoted(value) for value in values if value)


def write_parallel(values: Sequence[str]) -> str:
    """Return values that belong to those of another cell; nothing when none of them says anything."""
    return "; ".join(map(_quoted, values)) if any(values) else ""


def _quoted(value: str) -> str:
    if _NEEDS_QUOTES.search(value):
        return '"' + value.replace('"', '""') + '"'
    return value
