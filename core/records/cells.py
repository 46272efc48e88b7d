"""How each kind of value looks in a list or on a record page.

Functions instead of templates: a list of fifty rows has hundreds of cells, and
including a template for each costs more than everything else on the page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core.records.registry import Column, FieldView, Kind, RecordType
from core.ui import formats, names

NOTHING = mark_safe('<span class="none">—</span>')
# Labels call their tones by what people choose; the design has its own words for two of them.
DOTS = {"neutral": "muted", "brand": "primary"}
TAGS_SHOWN = 1


class Link(NamedTuple):
    """A value that leads somewhere; without an address it is only read."""

    label: str
    url: str = ""
    note: str = ""
    is_main: bool = False


class Money(NamedTuple):
    """An amount in its currency."""

    amount: Decimal | None
    currency: str


class Status(NamedTuple):
    """A word with its tone."""

    name: str
    tone: str


def text(value: Any) -> SafeString:
    return format_html('<span class="truncate" title="{0}">{0}</span>', value)


def record(value: Link) -> SafeString:
    if not value.url:
        return text(value.label)
    return format_html(
        '<a href="{}" class="link truncate" title="{}">{}</a>', value.url, value.label, value.label
    )


def status(value: Any) -> SafeString:
    return format_html(
        '<span class="status"><span class="dot" data-tone="{}" aria-hidden="true"></span>{}</span>',
        DOTS.get(value.tone, value.tone),
        value.name,
    )


def member(value: Any) -> SafeString:
    name = str(value)
    return format_html(
        '<span class="flex min-w-0 items-center gap-1.5"><span class="avatar" data-size="xs" aria-hidden="true">'
        '<span>{}</span></span><span class="truncate">{}</span></span>',
        names.initials(name, "xs"),
        name,
    )


def tags(value: Sequence[Any]) -> SafeString:
    shown = format_html_join("", "{}", ((tag(each),) for each in value[:TAGS_SHOWN]))
    more = len(value) - TAGS_SHOWN
    rest = (
        format_html('<span class="text-xs text-muted-foreground">+{}</span>', more)
        if more > 0
        else ""
    )
    return format_html('<span class="flex items-center gap-1">{}{}</span>', shown, rest)


def tag(value: Any) -> SafeString:
    """Return one tag: its word, with a dot in its tone."""
    return format_html(
        '<span class="badge tag" data-tone="line"><span class="dot size-1.5!" data-tone="{}" aria-hidden="true">'
        "</span>{}</span>",
        DOTS.get(value.tone, value.tone),
        value.name,
    )


def ago(value: datetime) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}" data-when>{}</time>',
        value.isoformat(),
        formats.exact(value),
        formats.ago(value),
    )


def day(value: date) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formats.day(value))


def number(value: Any) -> SafeString:
    return format_html("{}", formats.number(value))


def money(value: Money) -> SafeString:
    return (
        NOTHING
        if value.amount is None
        else format_html("{}", formats.money(value.amount, value.currency))
    )


def sealed(value: str) -> SafeString:
    """Return the last four characters of a sealed value, as lists show it."""
    return format_html(
        '<span class="text-muted-foreground"><span class="sr-only">{} </span>•••• {}</span>',
        _("Sealed, only the end is shown:"),
        value[-4:],
    )


def links(value: Sequence[Link]) -> SafeString:
    inner = format_html_join(
        "", '<span class="flex min-w-0 flex-col">{}{}</span>', map(_link, value)
    )
    return format_html('<span class="flex min-w-0 flex-col gap-1 py-1.5">{}</span>', inner)


def _link(value: Link) -> tuple[SafeString, SafeString | str]:
    """Return the value and, below it so that it keeps its room, what it is for."""
    words = [value.note, _("Primary") if value.is_main else ""]
    note = " · ".join(word for word in words if word)
    below = format_html('<span class="text-xs text-muted-foreground">{}</span>', note)
    return record(value), below if note else ""


def lines(value: Sequence[str]) -> SafeString:
    inner = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in value))
    return format_html('<span class="min-w-0 py-1.5 whitespace-pre-line">{}</span>', inner)


def flag(value: bool) -> SafeString:
    return format_html("{}", _("Yes") if value else _("No"))


CELLS: dict[Kind, Callable[[Any], SafeString]] = {
    "text": text,
    "name": text,
    "record": record,
    "status": status,
    "member": member,
    "tags": tags,
    "ago": ago,
    "day": day,
    "number": number,
    "money": money,
    "sealed": sealed,
    "links": links,
    "lines": lines,
    "flag": flag,
}


def shown(view: Column | FieldView, of: Any) -> SafeString:
    """Return the value as its kind looks, or a dash for nothing."""
    value = view.value(of)
    return NOTHING if value in (None, "") or value == [] else CELLS[view.kind](value)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: the record's name and address, and its cells."""

    pk: str
    title: str
    secondary: str
    url: str
    initials: str
    hue: int
    cells: list[tuple[Column, SafeString]]


def row_of(record: Any, record_type: RecordType) -> Row:
    """Return the record as a row of its list."""
    title = str(record)
    return Row(
        pk=str(record.pk),
        title=title,
        secondary=str(record_type.listing.secondary(record)),
        url=reverse(record_type.url_name(), args=[record.pk]),
        initials=names.initials(title, "sm"),
        hue=names.hue(title),
        cells=[
            (column, shown(column, record))
            for column in record_type.listing.columns
            if column.kind != "name"
        ],
    )
