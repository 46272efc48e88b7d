"""Template words of record pages."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from core.records import cells
from core.ui.markup import markup

register = template.Library()
SHOWN = {"status": cells.status, "tag": cells.tag, "member": cells.member}
PART = 'href="{0}" hx-get="{0}" hx-target="#records" hx-swap="outerHTML" hx-push-url="true"'


@register.simple_tag
def cell(kind: str, value: Any) -> SafeString:
    """Show one value as lists show its kind: status, tag, member."""
    return SHOWN[kind](value)


@register.simple_tag
def part(url: object) -> SafeString:
    """Return the attributes of a link that changes only the list, not the page around it."""
    return markup(PART, url)
