"""Template words of the interface: icons, avatars, numbers, time, permissions, and blocks with content."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.db.models import Model
from django.forms import BoundField  # noqa: TID251 - draws what forms declare
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import access
from core.toasts import progress_url_of, undo_url_of
from core.ui import fields, formats, icons, marks, tables

register = template.Library()


@register.simple_tag
def icon(name: str, classes: str = "size-4", label: str = "") -> SafeString:
    """Inline a Lucide icon; with a label it speaks, without one it is decoration."""
    return icons.render_icon(name, classes=classes, label=label)


@register.simple_tag
def html_language() -> str:
    """Return the value of the page's `lang` attribute."""
    return formats.html_language()


@register.filter
def number(value: Decimal | int | float | None) -> str:
    """Return a number with the reader's separators."""
    return formats.number(value)


@register.filter
def short_number(value: Decimal | int | float | None) -> str:
    """Return a rounded number for tight places."""
    return formats.short_number(value)


@register.filter
def money(amount: Decimal | int | None, currency: str) -> str:
    """Return an amount in its currency."""
    return formats.money(amount, currency)


@register.filter
def day(value: date | None) -> str:
    """Return a calendar day."""
    return formats.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """Return a day and a time."""
    return formats.moment(value)


@register.simple_tag
def platform_url() -> str:
    """Return the address of the public host."""
    return str(settings.PUBLIC_URL)


@register.simple_tag
def right_now() -> str:
    """Return the present day, time and zone, for a person to quote."""
    return formats.exact(timezone.now())


@register.simple_tag(takes_context=True)
def can(context: dict[str, Any], permission: str, record: Model | None = None) -> bool:
    """Ask whether the person looking at the page may do this."""
    request = context.get("request")
    return request is not None and access.can(request.actor, permission, record)


register.simple_tag(tables.sort_head)
register.simple_tag(marks.avatar)
register.simple_tag(marks.when)


@register.filter
def control(field: BoundField) -> str:
    """Return which control component draws the field."""
    return fields.control_of(field)


@register.filter
def undo_url(message: Message) -> str:
    """Return the address that takes back what the message reports, if it can be taken back."""
    return undo_url_of(message)


@register.filter
def progress_url(message: Message) -> str:
    """Return the address that tells how far the reported work is, if it is still going on."""
    return progress_url_of(message)


@register.filter
def untold(work: Iterable[dict[str, Any]], messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Return the work under way that none of the messages tells of already."""
    told = {progress_url_of(message) for message in messages}
    return [each for each in work if each["progress_url"] not in told]


@register.simple_block_tag
def card(content: str, title: str = "", count: object = "", **options: object) -> SafeString:
    """Wrap the content in a titled card. Options: id, hint, flush (no padding), link_url, link_label."""
    return _block("components/card.html", content, title=title, count=count, **options)


@register.simple_block_tag
def dialog(content: str, id: str, title: str, **options: object) -> SafeString:
    """Wrap the content in a modal dialog. Options: description, size (lg)."""
    return _block("components/dialog.html", content, id=id, title=title, **options)


@register.simple_block_tag
def menu(content: str, id: str, **options: object) -> SafeString:
    """Wrap menu items in a button and its menu. Options: label, icon, text, variant, size, align."""
    return _block("components/menu.html", content, id=id, **options)


@register.simple_block_tag
def note(content: str, tone: str = "info", icon: str = "info", title: str = "") -> SafeString:
    """Wrap the content in a note: info, warning or danger."""
    return _block("components/note.html", content, tone=tone, icon=icon, title=title)


def _block(name: str, content: str, **options: object) -> SafeString:
    return render_to_string(name, {"content": content, **options})


@register.simple_tag
def page_texts() -> dict[str, str]:
    """Return the sentences the scripts speak, in the reader's language."""
    return {
        "justNow": _("just now"),
        "minutesAgo": _("%(count)s min ago"),
        "hoursAgo": _("%(count)s h ago"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "showAll": _("Show all"),
        "showLess": _("Show less"),
        "copyFailed": _("The browser did not allow copying."),
        "failed": _("The server had a problem. Nothing was changed."),
        "passkeyFailed": _("The passkey did not work. Nothing was changed."),
        "offline": _("No connection to the server. Try again in a moment."),
        "close": _("Close"),
        "undo": _("Undo"),
        "show": _("Show password"),
        "hide": _("Hide password"),
        "strength0": "",
        "strength1": _("Too easy to guess"),
        "strength2": _("Weak: make it longer"),
        "strength3": _("Good"),
        "strength4": _("Strong"),
        "waitSeconds": _("%(text)s in %(time)s"),
        "results": _("%(count)s results"),
        "then": _("then"),
        "selected": _("%(count)s selected"),
        "open": _("Open"),
        "moveTo": _("Move to"),
        "moved": _("%(name)s: %(to)s"),
    }
