"""Address cards: vCard 2.1, 3.0 and 4.0, one row for each card, in the columns our fields are called."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO

from django.utils.translation import gettext_lazy

from crm.transfer.lists import write_list, write_parallel
from crm.transfer.reading.borrowing import from_the_start
from crm.transfer.reading.card_lines import Property, properties
from crm.transfer.reading.encodings import decoding
from crm.transfer.reading.table import BadFile, Layout, Row, Table, refuse_long, sampled

COLUMNS = (
    "Given name", "Middle name", "Family name", "Whole name", "Company", "Job title",
    "E-mail", "E-mail labels", "Phone", "Phone labels", "Street", "District", "City", "State or province",
    "Postcode", "Country", "Address label", "Other addresses", "Birthday", "Website", "Language", "Tags",
    "Description",
)  # fmt: skip
# Where the parts of N and ADR go; what is not named is left out.
NAME_PARTS = ("Family name", "Given name", "Middle name")
ADDRESS_PARTS = ("box", "extended", "street", "city", "province", "postcode", "country")
KINDS = {
    "cell": "mobile", "mobile": "mobile", "iphone": "mobile", "work": "work", "home": "home",
    "fax": "fax", "pager": "pager", "main": "main", "other": "other",
}  # fmt: skip
# A picture may be one line of many megabytes.
PIECE = 64 * 1024
OPEN = gettext_lazy("The last card of the file is not finished. The file was probably cut off.")
EMPTY = gettext_lazy("The file holds no address cards.")


@dataclass(slots=True)
class Card:
    """What has been read of one card."""

    texts: dict[str, str] = field(default_factory=dict)
    reach: dict[str, list[Property]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


class Cards:
    """Reads one card after the other."""

    def look(self, file: BinaryIO, layout: Layout) -> Table:
        rows = self.rows(file, layout)
        try:
            return Table(layout, list(COLUMNS), sampled(rows))
        except BadFile as refusal:
            raise BadFile(EMPTY if "header" in str(refusal.message) else refusal.message) from None

    def rows(self, file: BinaryIO, layout: Layout) -> Iterator[Row]:
        number = 0
        card: Card | None = None
        for each in properties(_lines(file, layout), decoding(layout.encoding)):
            if each.name == "BEGIN":
                number, card = number + 1, Card()
            elif each.name == "END" and card is not None:
                yield Row(number, _cells(card))
                card = None
            elif card is not None:
                refuse_long(len(each.value), number)
                _take(card, each)
        if card is not None:
            raise BadFile(OPEN)


def _lines(file: BinaryIO, layout: Layout) -> Iterator[bytes]:
    """Yield lines of bytes, very long ones in pieces; a card may name a character set for each line."""
    buffered = from_the_start(file)
    if not layout.encoding.startswith("utf-16"):
        yield from iter(partial(buffered.readline, PIECE), b"")
        return
    text = io.TextIOWrapper(buffered, encoding=layout.encoding)
    for line in iter(partial(text.readline, PIECE), ""):
        yield line.encode()


def _take(card: Card, each: Property) -> None:
    if each.name in TAKEN:
        TAKEN[each.name](card, each)
    elif each.name in TEXTS and each.text:
        card.texts.setdefault(TEXTS[each.name], each.text)
    elif each.name in ("EMAIL", "TEL", "ADR", "ORG"):
        card.reach.setdefault(each.name, []).append(each)


def _name(card: Card, each: Property) -> None:
    for column, part in zip(NAME_PARTS, each.parts, strict=False):
        if part:
            card.texts[column] = part


def _tags(card: Card, each: Property) -> None:
    card.tags += each.listed


def _label(card: Card, each: Property) -> None:
    card.labels[each.group] = each.text.removeprefix("_$!<").removesuffix(">!$_")


def _birthday(card: Card, each: Property) -> None:
    text = each.text.partition("T")[0]
    # A birthday without its year cannot be kept as a day.
    if not text.startswith("--"):
        card.texts["Birthday"] = text


TAKEN = {"N": _name, "CATEGORIES": _tags, "X-ABLABEL": _label, "BDAY": _birthday}
TEXTS = {
    "FN": "Whole name", "TITLE": "Job title", "NOTE": "Description", "URL": "Website", "LANG": "Language",
}  # fmt: skip


def _cells(card: Card) -> list[str]:
    known = dict(card.texts)
    # The whole name only says again what its parts say.
    if known.keys() & {"Given name", "Family name"}:
        known.pop("Whole name", None)
    for name, column in (("EMAIL", "E-mail"), ("TEL", "Phone")):
        rows = _primary_first([each for each in card.reach.get(name, ()) if _reached(each)])
        known[column] = write_list([_reached(each) for each in rows])
        known[f"{column} labels"] = write_parallel([_label_of(card, each) for each in rows])
    companies = [
        each.parts[0] for each in card.reach.get("ORG", ()) if each.parts and each.parts[0]
    ]
    known["Company"] = write_list(companies)
    known["Tags"] = write_list(card.tags)
    known |= _addresses(card)
    return [known.get(column, "") for column in COLUMNS]


def _reached(each: Property) -> str:
    return each.text.removeprefix("tel:").removeprefix("mailto:").strip()


def _primary_first(rows: list[Property]) -> list[Property]:
    return sorted(rows, key=lambda each: not each.is_preferred)


def _label_of(card: Card, each: Property) -> str:
    if each.group in card.labels:
        return card.labels[each.group]
    return next((KINDS[kind] for kind in KINDS if kind in each.types), "")


def _addresses(card: Card) -> dict[str, str]:
    rows = _primary_first(card.reach.get("ADR", []))
    if not rows:
        return {}
    first, *others = [_address(card, each) for each in rows]
    columns = (
        "Address label",
        "Street",
        "District",
        "City",
        "State or province",
        "Postcode",
        "Country",
    )
    return {
        **dict(zip(columns, first, strict=True)),
        "Other addresses": write_list(write_parallel(address) for address in others),
    }


def _address(card: Card, each: Property) -> list[str]:
    parts = dict(zip(ADDRESS_PARTS, each.parts, strict=False))
    street = ", ".join(filter(None, (parts.get(name) for name in ("street", "box"))))
    rest = [parts.get(name, "") for name in ADDRESS_PARTS[3:]]
    return [_label_of(card, each), street, parts.get("extended", ""), *rest]
