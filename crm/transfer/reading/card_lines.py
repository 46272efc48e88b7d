"""The lines of address cards: unfolded, decoded, and taken apart into names, types and values."""

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from crm.transfer.reading.table import LONGEST_CELL, BadFile

# Pictures, sounds and keys are large and nothing we keep.
SKIPPED = frozenset((b"PHOTO", b"LOGO", b"SOUND", b"KEY"))
_NAME = re.compile(rb"\s*(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9-]+)")
_PARAMETER = re.compile(r';\s*([A-Za-z0-9-]+)(?:=((?:"[^"]*"|[^;:"])*))?')
_ESCAPE = re.compile(r"\\([\\;,:nN])")


@dataclass(slots=True)
class Property:
    """One property: its group, its name, its types, and its value still with its escapes."""

    group: str
    name: str
    value: str
    types: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_preferred(self) -> bool:
        return "pref" in self.types

    @property
    def text(self) -> str:
        return _unescaped(self.value).strip()

    @property
    def parts(self) -> list[str]:
        return [_unescaped(part).strip() for part in _split(self.value, ";")]

    @property
    def listed(self) -> list[str]:
        parts = (_unescaped(part).strip() for part in _split(self.value, ","))
        return [part for part in parts if part]


def properties(lines: Iterable[bytes], encoding: str) -> Iterator[Property]:
    """Yield each property of each card."""
    for line in _unfolded(lines):
        if made := _property(line, encoding):
            yield made


def _unfolded(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Put folded lines together again; of what is skipped anyway only the beginning is kept.

    Very long lines come in pieces, of which all but the last have no end.
    """
    kept, before, is_skipped = b"", b"\n", False
    for raw in lines:
        line = raw.rstrip(b"\r\n")
        more = _continuation(line, kept, before)
        if more is None:
            if kept:
                yield kept
            kept, is_skipped = line, _is_skipped(line)
        elif not is_skipped:
            kept = kept.removesuffix(b"=") + more if _is_soft(kept, before) else kept + more
        if len(kept) > 4 * LONGEST_CELL:
            raise BadFile(
                _("A card has a line of more than %(most)s characters.") % {"most": LONGEST_CELL}
            )
        before = raw
    if kept:
        yield kept


def _continuation(line: bytes, kept: bytes, before: bytes) -> bytes | None:
    """Return what this line adds to the one before it; None when it is one of its own."""
    if not before.endswith(b"\n") or _is_soft(kept, before):
        return line
    return line[1:] if line[:1] in (b" ", b"\t") else None


def _is_soft(kept: bytes, before: bytes) -> bool:
    """Return whether the line was broken with the sign of quoted-printable."""
    is_whole = before.endswith(b"\n")
    return is_whole and kept.endswith(b"=") and b"QUOTED-PRINTABLE" in kept[:200].upper()


def _is_skipped(line: bytes) -> bool:
    found = _NAME.match(line)
    return bool(found and found[2].upper() in SKIPPED)


def _property(line: bytes, encoding: str) -> Property | None:
    found = _NAME.match(line.removeprefix(codecs.BOM_UTF8))
    if not found or found[2].upper() in SKIPPED:
        return None
    head, value = _head_and_value(line.removeprefix(codecs.BOM_UTF8)[found.end() :])
    if value is None:
        return None
    parameters = _parameters(head.decode("ascii", "replace"))
    group, name = (found[1] or b"").decode(), found[2].decode().upper()
    text = _decoded(value, parameters, encoding)
    return Property(group, name, text, frozenset(parameters.get("TYPE", ())))


def _head_and_value(rest: bytes) -> tuple[bytes, bytes | None]:
    """Split at the first colon that stands in no quotation marks."""
    is_quoted = False
    for at, sign in enumerate(rest):
        if sign == ord('"'):
            is_quoted = not is_quoted
        elif sign == ord(":") and not is_quoted:
            return rest[:at], rest[at + 1 :]
    return rest, None


def _parameters(head: str) -> dict[str, list[str]]:
    """Return the parameters; a bare word of version 2.1 is a type, or says how the value is written."""
    found: dict[str, list[str]] = {"TYPE": []}
    for name, value in _PARAMETER.findall(head):
        values = (
            [each.strip().strip('"').lower() for each in re.split("[,]", value.strip('"'))]
            if value
            else []
        )
        if not values:
            found["TYPE"].append(name.lower())
        elif name.upper() == "PREF":
            found["TYPE"] += ["pref"] if values == ["1"] else []
        else:
            found.setdefault(name.upper(), []).extend(values)
    return found


def _decoded(value: bytes, parameters: dict[str, list[str]], encoding: str) -> str:
    written = {*parameters.get("ENCODING", ()), *parameters["TYPE"]}
    if "quoted-printable" in written:
        value = quopri.decodestring(value)
    elif written & {"b", "base64"}:
        value = _base64(value)
    charset = next(iter(parameters.get("CHARSET", ())), encoding)
    try:
        return value.decode(charset)
    except (LookupError, UnicodeDecodeError):
        raise BadFile(
            _("A card is not in the character set it names. Choose another encoding.")
        ) from None


def _base64(value: bytes) -> bytes:
    try:
        return base64.b64decode(value)
    except binascii.Error:
        return b""


def _split(value: str, separator: str) -> list[str]:
    """Split at separators that are not escaped."""
    parts = [""]
    escaped = False
    for sign in value:
        if sign == separator and not escaped:
            parts.append("")
        else:
            parts[-1] += sign
        escaped = sign == "\\" and not escaped
    return parts


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)
