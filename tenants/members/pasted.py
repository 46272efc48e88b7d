"""Lists of e-mail addresses as people paste them: from a column, a mail's header, a chat."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254
# A comma or semicolon parts addresses, unless it stands in quotes or in angle brackets.
PARTS = re.compile(r"""(?:"[^"]{0,200}"|<[^<>]{0,320}>|[^,;，；、\t"<]|["<])+""")
IN_BRACKETS = re.compile(r"<([^<>]*)>[^<>]*$")
AROUND = " \t\u00a0\u3000.,;:'\"<>()[]"


@dataclass(frozen=True, slots=True)
class Pasted:
    """One piece of a list as it was written, and the address in it, or nothing."""

    written: str
    email: str


def read_addresses(text: str) -> list[Pasted]:
    """Return what stands in the text, in its order and each address once; nothing written is left out."""
    found, seen = [], set()
    for written in _pieces(text):
        email = _address(written)
        if not email or email.casefold() not in seen:
            found.append(Pasted(written, email))
        seen.add(email.casefold())
    return found


def _pieces(text: str) -> Iterator[str]:
    for line in text.splitlines():
        waiting: list[str] = []
        for part in filter(None, map(str.strip, PARTS.findall(line))):
            if "@" not in part:
                waiting.append(part)
            elif "<" in part:
                # "Doe, Jane <jane@example.com>": what comes before is a part of the name.
                yield ", ".join([*waiting, part])
                waiting = []
            else:
                yield from waiting
                yield from _apart(part)
                waiting = []
        yield from waiting


def _apart(piece: str) -> list[str]:
    """Return the addresses that only spaces part, or the piece as it is."""
    words = piece.split()
    return words if all("@" in word and "<" not in word for word in words) else [piece]


def _address(written: str) -> str:
    named = IN_BRACKETS.search(written)
    email = (named[1] if named else written).strip(AROUND).removeprefix("mailto:")
    try:
        validate_email(email)
    except ValidationError:
        return ""
    return email if len(email) <= LONGEST else ""
