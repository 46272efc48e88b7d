"""Writing address cards (vCard 3.0, which every address book reads), one for each contact."""

from collections.abc import Iterable, Iterator, Mapping

from crm.transfer.export.columns import Columns
from crm.transfer.lists import split_list, split_parallel

LINE = 75
CARDS_PER_PIECE = 100
TYPES = {"work": "WORK", "home": "HOME", "mobile": "CELL", "other": "OTHER"}
TEXTS = {
    "title": "TITLE", "birthday": "BDAY", "language": "LANG", "website": "URL", "description": "NOTE",
}  # fmt: skip
ADDRESS = ("street", "city", "province", "postcode", "country")


def write_cards(columns: Columns, rows: Iterable[list[str]]) -> Iterator[bytes]:
    """Yield a card for each row."""
    pending: list[str] = []
    for row in rows:
        pending += _card(dict(zip(columns.names, row, strict=True)))
        if len(pending) >= CARDS_PER_PIECE * 10:
            yield _encoded(pending)
            pending.clear()
    yield _encoded(pending)


def _encoded(lines: Iterable[str]) -> bytes:
    return b"".join(_folded(line.encode()) for line in lines)


def _folded(line: bytes) -> bytes:
    """Return the line in pieces of at most 75 bytes, never cut inside a letter."""
    pieces, limit = [], LINE
    while len(line) > limit:
        at = limit
        while line[at] & 0xC0 == 0x80:
            at -= 1
        pieces.append(line[:at])
        line, limit = line[at:], LINE - 1
    return b"\r\n ".join([*pieces, line]) + b"\r\n"


def _card(said: Mapping[str, str]) -> Iterator[str]:
    given, family = said.get("given_name", ""), said.get("family_name", "")
    yield "BEGIN:VCARD"
    yield "VERSION:3.0"
    yield f"N:{_parts(family, given, '', '', '')}"
    yield f"FN:{_text(_full_name(said))}"
    companies = split_list(said.get("company", ""))
    for company in companies[:1]:
        yield f"ORG:{_text(company)}"
    yield from _reached("EMAIL", said.get("email", ""), said.get("email_labels", ""), "m")
    yield from _reached("TEL", said.get("phone", ""), said.get("phone_labels", ""), "p")
    yield from _addresses(said)
    for name, written in TEXTS.items():
        if text := said.get(name, ""):
            yield f"{written}:{_text(text)}"
    if tags := split_list(said.get("tags", "")):
        yield f"CATEGORIES:{','.join(map(_text, tags))}"
    yield "END:VCARD"


def _full_name(said: Mapping[str, str]) -> str:
    names = filter(None, (said.get("given_name", ""), said.get("family_name", "")))
    reached = split_list(said.get("email", "")) or split_list(said.get("phone", ""))
    return " ".join(names) or next(iter(reached), "")


def _reached(name: str, values: str, labels: str, group: str) -> Iterator[str]:
    kinds = split_parallel(labels)
    for at, value in enumerate(split_list(values)):
        label = kinds[at] if at < len(kinds) else ""
        yield from _labelled(name, _text(value), label, f"{group}{at + 1}")


def _labelled(name: str, value: str, label: str, group: str) -> Iterator[str]:
    """A label address books know is a type; another one is written beside, as they do themselves."""
    if label in TYPES:
        yield f"{name};TYPE={TYPES[label]}:{value}"
    elif label:
        yield f"{group}.{name}:{value}"
        yield f"{group}.X-ABLabel:{_text(label)}"
    else:
        yield f"{name}:{value}"


def _addresses(said: Mapping[str, str]) -> Iterator[str]:
    first = [said.get("address_label", ""), said.get("street", ""), said.get("district", "")]
    first += [said.get(name, "") for name in ADDRESS[1:]]
    others = [split_parallel(each) for each in split_list(said.get("other_addresses", ""))]
    for at, (label, street, district, *rest) in enumerate([first, *others]):
        if any((street, district, *rest)):
            value = _parts("", district, street, *rest)
            yield from _labelled("ADR", value, label, f"a{at + 1}")


def _parts(*parts: str) -> str:
    return ";".join(map(_text, parts))


def _text(text: str) -> str:
    for sign, written in (
        ("\\", "\\\\"),
        ("\r\n", "\\n"),
        ("\n", "\\n"),
        ("\r", "\\n"),
        (";", "\\;"),
        (",", "\\,"),
    ):
        text = text.replace(sign, written)
    return text
