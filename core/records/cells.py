"""How each kind of value looks in a list or on a record page.

Functions instead of templates: a list of fifty rows has hundreds of cells, and
including a template for each costs more than everything else on the page.
"""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.records.registry import Column, FieldView, Kind
from core.ui import formats
from core.ui.marks import NOTHING, avatar, when
from core.ui.markup import joined, markup

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
    return markup('<span class="truncate" title="{0}">{0}</span>', value)


def record(value: Link) -> SafeString:
    if not value.url:
        return text(value.label)
    return markup('<a href="{0}" class="link truncate" title="{1}">{1}</a>', value.url, value.label)


def status(value: Any) -> SafeString:
    return markup(
        '<span class="status"><span class="dot" data-tone="{}" aria-hidden="true"></span>{}</span>',
        DOTS.get(value.tone, value.tone),
        value.name,
    )


def member(value: Any) -> SafeString:
    name = str(value)
    return markup(
        '<span class="flex min-w-0 items-center gap-1.5">{}<span class="truncate">{}</span></span>',
        avatar(value, size="xs", plain=True),
        name,
    )


def tags(value: Sequence[Any]) -> SafeString:
    shown = joined(map(tag, value[:TAGS_SHOWN]))
    more = len(value) - TAGS_SHOWN
    rest = (
        markup('<span class="text-xs text-muted-foreground">+{}</span>', more) if more > 0 else ""
    )
    return markup('<span class="flex items-center gap-1">{}{}</span>', shown, rest)


def tag(value: Any) -> SafeString:
    """Return one tag: its word, with a dot in its tone."""
    return markup(
        '<span class="badge tag" data-tone="line"><span class="dot size-1.5!" data-tone="{}" aria-hidden="true">'
        "</span>{}</span>",
        DOTS.get(value.tone, value.tone),
        value.name,
    )


def day(value: date) -> SafeString:
    return markup('<time datetime="{}">{}</time>', value.isoformat(), formats.day(value))


def number(value: Any) -> SafeString:
    return markup("{}", formats.number(value))


def money(value: Money) -> SafeString:
    return (
        NOTHING
        if value.amount is None
        else markup("{}", formats.money(value.amount, value.currency))
    )


def sealed(value: str) -> SafeString:
    """Return the last four characters of a sealed value, as lists show it."""
    return markup(
        '<span class="text-muted-foreground"><span class="sr-only">{} </span>•••• {}</span>',
        _sealed_label(get_language()),
        value[-4:],
    )


@cache
def _sealed_label(language: str | None) -> str:
    return _("Sealed, only the end is shown:")


def links(value: Sequence[Link]) -> SafeString:
    inner = joined(map(_link, value))
    return markup('<span class="flex min-w-0 flex-col gap-1 py-1.5">{}</span>', inner)


def _link(value: Link) -> SafeString:
    """Show the value and, below it so that it keeps its room, what it is for."""
    words = [value.note, _("Primary") if value.is_main else ""]
    note = " · ".join(word for word in words if word)
    below = markup('<span class="text-xs text-muted-foreground">{}</span>', note)
    return markup(
        '<span class="flex min-w-0 flex-col">{}{}</span>', record(value), below if note else ""
    )


def lines(value: Sequence[str]) -> SafeString:
    inner = joined(value, "<br>")
    return markup('<span class="min-w-0 py-1.5 whitespace-pre-line">{}</span>', inner)


def flag(value: bool) -> SafeString:
    return markup("{}", _("Yes") if value else _("No"))


CELLS: dict[Kind, Callable[[Any], SafeString]] = {
    "text": text,
    "name": text,
    "record": record,
    "status": status,
    "member": member,
    "tags": tags,
    "ago": when,
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
