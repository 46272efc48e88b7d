"""Text that no spreadsheet takes for a formula; reading takes the mark off again."""

import re

# A mark that stands there already is doubled, so that taking one off gives what was written.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_MARKED = re.compile(r"'(?='*[=+\-@\t\r\n＝＋－＠])")
# Looked at first: hardly a cell begins with one of these, and an export has millions of cells.
_SUSPICIOUS = frozenset("'=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def harmless(text: str) -> str:
    """Return the text with a mark before what would be computed; plain numbers are left alone."""
    if text[:1] in _SUSPICIOUS and _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def marked_again(text: str) -> str:
    """Return the text with its own mark doubled, for files whose cells are text anyway."""
    return f"'{text}" if _MARKED.match(text) else text


def unmarked(text: str) -> str:
    """Return the text without the mark in front of it."""
    return text[1:] if text.startswith("'") and _MARKED.match(text) else text
